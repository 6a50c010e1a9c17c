#include "cloud/s3/blobs.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <set>

#include "base/log.h"
#include "cloud/s3/keys.h"

namespace ads::cloud::s3 {
namespace {

constexpr std::size_t kSweepBatch = 64;

std::set<std::uint64_t> distinct_blobs(const Slices& slices) {
  std::set<std::uint64_t> blobs;
  for (const auto& slice : slices) blobs.insert(slice.blob);
  return blobs;
}

}  // namespace

void Transaction::adopt(std::uint64_t blob) {
  batch_.remove(keys::writing(blob));
}

void Transaction::count(const Slices& slices, int by) {
  if (slices.size() == 1) {
    changes_[slices.front().blob] += by;
    return;
  }
  for (auto blob : distinct_blobs(slices)) changes_[blob] += by;
}

PendingBlob::~PendingBlob() {
  if (blobs_) blobs_->discard(id_);
}

void PendingBlob::adopt(Transaction& transaction) {
  transaction.adopt(id_);
  blobs_ = nullptr;
}

Blobs::Blobs(Store& store, Sequence& sequence, asio::any_io_executor executor)
    : store_(store), sequence_(sequence), bell_(executor), tasks_(executor) {}

std::filesystem::path Blobs::path(std::uint64_t blob) const {
  return store_.blob_directory() / "s3" / fmt::format("{:02x}", blob & 255) / fmt::format("{:016x}", blob);
}

Result<std::shared_ptr<const http::OpenFile>> Blobs::open_with(std::uint64_t blob, int flags) const {
  auto file = path(blob);
  int descriptor = ::open(file.c_str(), flags | O_CLOEXEC, 0600);
  if (descriptor < 0 && errno == ENOENT && (flags & O_CREAT)) {
    std::error_code ignored;
    std::filesystem::create_directories(file.parent_path(), ignored);
    descriptor = ::open(file.c_str(), flags | O_CLOEXEC, 0600);
  }
  if (descriptor < 0)
    return fail(errno == ENOENT ? ErrorKind::corrupt : ErrorKind::unavailable, "BlobNotOpened",
                fmt::format("cannot open the body file {}: {}", file.filename().string(), std::strerror(errno)));
  return std::make_shared<const http::OpenFile>(descriptor);
}

Result<PendingBlob> Blobs::begin() {
  auto id = sequence_.next();
  Batch batch;
  batch.put(keys::writing(id), "");
  if (auto applied = store_.apply(std::move(batch)); !applied) return fail(applied.error());
  auto file = open_with(id, O_RDWR | O_CREAT | O_EXCL);
  if (!file) {
    discard(id);
    return fail(file.error());
  }
  return PendingBlob(*this, id, std::move(*file));
}

Result<std::shared_ptr<const http::OpenFile>> Blobs::open_for_writing(std::uint64_t blob) {
  return open_with(blob, O_RDWR | O_CREAT);
}

Result<std::shared_ptr<const http::OpenFile>> Blobs::reopen_for_writing(std::uint64_t blob) {
  return open_with(blob, O_RDWR);
}

Result<std::shared_ptr<const http::OpenFile>> Blobs::open(std::uint64_t blob) const {
  return open_with(blob, O_RDONLY);
}

Result<std::vector<http::FileSlice>> Blobs::open_slices(const Slices& slices) const {
  std::map<std::uint64_t, std::shared_ptr<const http::OpenFile>> opened;
  std::vector<http::FileSlice> out;
  out.reserve(slices.size());
  for (const auto& slice : slices) {
    auto& file = opened[slice.blob];
    if (!file) {
      auto result = open(slice.blob);
      if (!result) return fail(result.error());
      file = std::move(*result);
    }
    out.push_back({file, slice.offset, slice.length});
  }
  return out;
}

Result<void> Blobs::commit(Transaction transaction) {
  std::vector<std::uint64_t> doomed;
  for (auto [blob, change] : transaction.changes_) {
    if (change == 0) continue;
    auto key = keys::references(blob);
    long long count = 1;
    auto stored = store_.get(key);
    if (stored) std::from_chars(stored->data(), stored->data() + stored->size(), count);
    count += change;
    if (count <= 0) {
      transaction.batch_.put(keys::garbage(blob), "");
      doomed.push_back(blob);
    }
    if (count > 1)
      transaction.batch_.put(key, std::to_string(count));
    else if (stored)
      transaction.batch_.remove(key);
  }
  if (auto applied = store_.apply(std::move(transaction.batch_)); !applied) return applied;
  if (!doomed.empty()) {
    doomed_.insert(doomed_.end(), doomed.begin(), doomed.end());
    bell_.ring_all();
  }
  return {};
}

void Blobs::discard(std::uint64_t blob) {
  Batch batch;
  batch.remove(keys::writing(blob));
  batch.put(keys::garbage(blob), "");
  // Where the disk refuses even this, the `w` entry still stands and the next start removes the file.
  if (!store_.apply(std::move(batch))) return;
  doomed_.push_back(blob);
  bell_.ring_all();
}

Task<void> Blobs::start() {
  for (auto cursor = store_.scan_prefix(keys::garbage()); cursor.valid(); cursor.next())
    doomed_.push_back(keys::last_number(cursor.key()));
  std::vector<std::uint64_t> unfinished;
  for (auto cursor = store_.scan_prefix(keys::writing()); cursor.valid(); cursor.next())
    unfinished.push_back(keys::last_number(cursor.key()));
  for (auto blob : unfinished) discard(blob);
  tasks_.spawn("S3's blob sweep", sweep());
  co_return;
}

Task<void> Blobs::stop() {
  co_await tasks_.stop();
}

Task<void> Blobs::sweep() {
  for (;;) {
    if (doomed_.empty()) {
      co_await bell_.wait();
      continue;
    }
    // Only what was doomed before the flush may go; what comes meanwhile waits for the next round.
    auto before_flush = doomed_.size();
    auto flushed = co_await store_.durable();
    if (!flushed) {
      co_await sleep_for(std::chrono::seconds(1));
      continue;
    }
    std::vector<std::uint64_t> round;
    std::vector<std::string> paths;
    while (round.size() < std::min(before_flush, kSweepBatch)) {
      round.push_back(doomed_.front());
      paths.push_back(path(doomed_.front()).string());
      doomed_.pop_front();
    }
    co_await store_.off_thread([paths] {
      for (const auto& file : paths) ::unlink(file.c_str());
    });
    Batch batch;
    for (auto blob : round) batch.remove(keys::garbage(blob));
    if (auto applied = store_.apply(std::move(batch)); !applied)
      log(LogLevel::warning, "removed S3 bodies stay on the list", {{"error", applied.error().message}});
  }
}

}  // namespace ads::cloud::s3
