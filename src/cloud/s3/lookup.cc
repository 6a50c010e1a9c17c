#include "cloud/s3/lookup.h"

#include <unistd.h>

#include "base/encoding.h"
#include "cloud/s3/body_check.h"
#include "cloud/s3/conditions.h"
#include "cloud/s3/errors.h"

namespace ads::cloud::s3 {
namespace {

constexpr std::size_t kStep = 4u << 20;  // read between two looks at the executor

// Appends [offset, offset + length) of a file; false where it cannot be read.
bool read_range(int descriptor, std::uint64_t offset, std::size_t length, std::string& out) {
  out.resize(length);
  for (std::size_t done = 0; done < length;) {
    auto got = ::pread(descriptor, out.data() + done, length - done, static_cast<off_t>(offset + done));
    if (got <= 0) return false;
    done += static_cast<std::size_t>(got);
  }
  return true;
}

WireError unreadable() {
  return internal_error({ErrorKind::corrupt, "BodyNotRead", "an object's body file is shorter than its record says"});
}

}  // namespace

Task<Outcome<void>> for_each_piece(State& state, const ObjectRecord& object, std::uint64_t offset, std::uint64_t length,
                                   std::function<void(std::string_view)> use) {
  if (object.is_inline) {
    use(std::string_view(object.inline_body).substr(offset, length));
    co_return Outcome<void>{};
  }
  auto slices = state.blobs.open_slices(cut(object.slices, offset, length));
  if (!slices) co_return refuse(internal_error(slices.error()));
  std::string buffer;
  bool is_read = true;
  for (const auto& slice : *slices)
    for (std::uint64_t done = 0; done < slice.length;) {
      auto step = static_cast<std::size_t>(std::min<std::uint64_t>(kStep, slice.length - done));
      co_await state.store.off_thread([&] {
        is_read = read_range(slice.file->descriptor(), slice.offset + done, step, buffer);
        if (is_read) use(buffer);
      });
      if (!is_read) co_return refuse(unreadable());
      done += step;
    }
  co_return Outcome<void>{};
}

Outcome<ObjectRecord> find_object(State& state, const Request& request) {
  const auto& bucket = *request.bucket;
  if (const auto* version = request.find_query("versionId")) {
    if (version->empty())
      return refuse(errors::invalid_argument("Version id cannot be the empty string", "versionId", ""));
    if (!Objects::is_valid_version_id(*version))
      return refuse(errors::invalid_argument("Invalid version id specified", "versionId", *version));
    auto found = state.objects.version(bucket, request.key(), *version);
    if (!found) return refuse(errors::no_such_version(request.key(), *version));
    if (found->is_delete_marker) {
      auto refusal = errors::method_not_allowed(request.method, "DeleteMarker");
      refusal.headers = {
          {"x-amz-delete-marker", "true"}, {"Allow", "DELETE"}, {"Last-Modified", http_date(found->modified)}};
      refusal.headers.add("x-amz-version-id", *version);
      return refuse(std::move(refusal));
    }
    return std::move(*found);
  }
  auto found = state.objects.current(bucket, request.key());
  if (found) return std::move(*found);
  auto refusal = errors::no_such_key(request.key());
  if (auto marker = state.objects.current_marker(bucket, request.key()))
    refusal.headers = {{"x-amz-delete-marker", "true"}, {"x-amz-version-id", marker->version_name()}};
  return refuse(std::move(refusal));
}

Outcome<BucketPointer> refresh_bucket(State& state, const Request& request) {
  auto now = state.buckets.find(request.address.bucket);
  if (!now || now->id != request.bucket->id) return refuse(errors::no_such_bucket(request.address.bucket));
  return now;
}

Outcome<CopySource> parse_copy_source(std::string_view header) {
  CopySource source;
  if (auto mark = header.find("?versionId="); mark != header.npos) {
    source.version_id = percent_decode(header.substr(mark + std::string_view("?versionId=").size()));
    header = header.substr(0, mark);
  }
  std::string path = percent_decode(header);
  if (path.starts_with('/')) path.erase(0, 1);
  auto slash = path.find('/');
  if (slash == path.npos || slash == 0 || slash + 1 == path.size())
    return refuse(errors::invalid_argument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
                                           "x-amz-copy-source", header));
  source.bucket = path.substr(0, slash);
  source.key = path.substr(slash + 1);
  return source;
}

Outcome<FoundSource> find_copy_source(State& state, const Request& request, const CopySource& source) {
  FoundSource found;
  found.bucket = state.buckets.find(source.bucket);
  if (!found.bucket) return refuse(errors::no_such_bucket(source.bucket));
  std::optional<ObjectRecord> object;
  if (source.version_id.empty()) {
    object = state.objects.current(*found.bucket, source.key);
    if (!object) return refuse(errors::no_such_key(source.key));
  } else {
    if (!Objects::is_valid_version_id(source.version_id))
      return refuse(errors::invalid_argument("Invalid version id specified", "versionId", source.version_id));
    object = state.objects.version(*found.bucket, source.key, source.version_id);
    if (!object) return refuse(errors::no_such_version(source.key, source.version_id));
    if (object->is_delete_marker)
      return refuse(errors::invalid_request(
          "The source of a copy request may not specifically refer to a delete marker by version id."));
  }
  if (auto held = check_copy_source(request.headers(), *object); !held) return refuse(held.error());
  found.object = std::move(*object);
  return found;
}

Task<Outcome<BodyDigests>> digest_body(State& state, const ObjectRecord& object, std::uint64_t offset,
                                       std::uint64_t length, ChecksumAlgorithm algorithm) {
  Digest md5(Digest::md5);
  RunningChecksum checksum(algorithm);
  // A damaged body must not get digests that make it look whole. The piece at the front checks all of it, and every
  // copy of the whole has that piece.
  std::optional<BodyCheck> check;
  if (offset == 0 && !object.is_inline) check.emplace(object);
  auto read = co_await for_each_piece(state, object, offset, length, [&](std::string_view bytes) {
    md5.update(bytes);
    checksum.update(bytes);
    if (check) check->update(bytes);
  });
  if (!read) co_return refuse(read.error());
  if (check && length < object.size) {
    auto rest = co_await for_each_piece(state, object, length, object.size - length,
                                        [&](std::string_view bytes) { check->update(bytes); });
    if (!rest) co_return refuse(rest.error());
  }
  if (check && !check->is_sound()) co_return refuse(damaged(object));
  co_return BodyDigests{md5.finish(), checksum.finish()};
}

Task<Outcome<std::string>> load_body(State& state, const ObjectRecord& object) {
  std::string whole;
  whole.reserve(object.size);
  BodyCheck check(object);
  auto read = co_await for_each_piece(state, object, 0, object.size, [&](std::string_view bytes) {
    check.update(bytes);
    whole += bytes;
  });
  if (!read) co_return refuse(read.error());
  if (!object.is_inline && !check.is_sound()) co_return refuse(damaged(object));
  co_return whole;
}

}  // namespace ads::cloud::s3
