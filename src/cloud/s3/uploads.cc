#include "cloud/s3/uploads.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <set>

#include "base/ids.h"
#include "cloud/s3/keys.h"

namespace ads::cloud::s3 {
namespace {

// References that a part holds: one to each distinct blob except the upload's own.
Slices foreign(const Slices& slices, std::uint64_t own) {
  Slices out;
  for (const auto& slice : slices)
    if (slice.blob != own) out.push_back(slice);
  return out;
}

}  // namespace

void Uploads::create(Transaction& transaction, const Bucket& bucket, std::string_view key, UploadRecord& record) {
  record.blob = sequence_.next();
  record.upload_id = fmt::format("{:016x}", record.blob) + random_hex(48);
  transaction.put(keys::upload(bucket.id, key, record.upload_id), encode(record));
}

std::optional<UploadRecord> Uploads::find(const Bucket& bucket, std::string_view key,
                                          std::string_view upload_id) const {
  auto value = store_.get(keys::upload(bucket.id, key, upload_id));
  return value ? decode_upload(*value) : std::nullopt;
}

std::optional<PartRecord> Uploads::part(std::string_view upload_id, std::uint64_t number) const {
  auto value = store_.get(keys::part(upload_id, number));
  return value ? decode_part(*value) : std::nullopt;
}

std::map<std::uint64_t, PartRecord> Uploads::parts(std::string_view upload_id, std::uint64_t after,
                                                   std::size_t most) const {
  std::map<std::uint64_t, PartRecord> found;
  auto cursor = store_.scan(keys::part(upload_id, after + 1), after_prefix(keys::parts(upload_id)));
  for (; cursor.valid() && found.size() < most; cursor.next())
    if (auto part = decode_part(cursor.value())) found.emplace(keys::last_number(cursor.key()), std::move(*part));
  return found;
}

void Uploads::put_part(Transaction& transaction, const UploadRecord& upload, std::uint64_t number,
                       const PartRecord& record) {
  if (auto before = part(upload.upload_id, number)) transaction.release(foreign(before->slices, upload.blob));
  transaction.retain(foreign(record.slices, upload.blob));
  transaction.put(keys::part(upload.upload_id, number), encode(record));
}

void Uploads::abort(Transaction& transaction, const Bucket& bucket, std::string_view key, const UploadRecord& upload) {
  complete(transaction, bucket, key, upload, {});
}

void Uploads::complete(Transaction& transaction, const Bucket& bucket, std::string_view key, const UploadRecord& upload,
                       const Slices& kept) {
  auto prefix = keys::parts(upload.upload_id);
  for (auto cursor = store_.scan_prefix(prefix); cursor.valid(); cursor.next())
    if (auto part = decode_part(cursor.value())) transaction.release(foreign(part->slices, upload.blob));
  transaction.remove_range(prefix, after_prefix(prefix));
  transaction.remove(keys::upload(bucket.id, key, upload.upload_id));
  transaction.retain(foreign(kept, upload.blob));
  bool uses_own = std::any_of(kept.begin(), kept.end(), [&](const Slice& slice) { return slice.blob == upload.blob; });
  // The object takes the upload's one reference over, or it is dropped.
  if (!uses_own) transaction.release_blob(upload.blob);
}

Result<void> Uploads::abort_all(Blobs& blobs, const Bucket& bucket) {
  for (auto cursor = store_.scan_prefix(keys::uploads(bucket.id)); cursor.valid(); cursor.next()) {
    auto upload = decode_upload(cursor.value());
    if (!upload) continue;
    Transaction transaction;
    abort(transaction, bucket, keys::take_upload(bucket.id, cursor.key()).key, *upload);
    if (auto done = blobs.commit(std::move(transaction)); !done) return done;
  }
  return {};
}

Uploads::Room::~Room() {
  if (!uploads_) return;
  auto found = uploads_->writers_.find(upload_id_);
  if (found != uploads_->writers_.end() && --found->second.count == 0) uploads_->writers_.erase(found);
}

Uploads::Room Uploads::reserve(const UploadRecord& upload, const http::OpenFile& blob, std::uint64_t length) {
  auto& writers = writers_[upload.upload_id];
  if (writers.count++ == 0) {
    // Nobody else writes: everything committed lies below the file's end.
    struct stat status{};
    writers.end = ::fstat(blob.descriptor(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
  }
  auto offset = writers.end;
  writers.end += length;
  return Room(*this, upload.upload_id, offset);
}

}  // namespace ads::cloud::s3
