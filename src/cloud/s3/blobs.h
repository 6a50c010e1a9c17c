// Bodies too large for the store, as files; who refers to them; and their removal, which no crash can make us forget.
//
// A file is <blobs>/s3/<two hex digits>/<sixteen hex digits>. Its life: begin() writes a `w` entry and makes the file;
// the transaction that commits its record removes the entry (adopt). A transaction that drops the last reference writes
// a `g` entry; the file is unlinked once that is on disk, so that no record on disk ever names a missing file. At
// start, what `w` and `g` still name is removed: work in proportion to what was in flight, not to what is stored.
#pragma once
#include <deque>
#include <filesystem>
#include <map>
#include <memory>

#include "base/task.h"
#include "cloud/s3/object_record.h"
#include "cloud/s3/sequence.h"
#include "cloud/store.h"
#include "http/message.h"

namespace ads::cloud::s3 {

// Changes to the store together with what they do to blobs. Filled and committed without a co_await in between.
class Transaction {
 public:
  void put(std::string_view key, std::string_view value) { batch_.put(key, value); }
  void remove(std::string_view key) { batch_.remove(key); }
  void remove_range(std::string_view from, std::string_view to) { batch_.remove_range(from, to); }
  // The committed record is the first to refer to this blob.
  void adopt(std::uint64_t blob);
  // One more, or one less, record refers to each distinct blob of `slices`.
  void retain(const Slices& slices) { count(slices, 1); }
  void release(const Slices& slices) { count(slices, -1); }
  void retain_blob(std::uint64_t blob) { ++changes_[blob]; }
  void release_blob(std::uint64_t blob) { --changes_[blob]; }

 private:
  friend class Blobs;
  void count(const Slices& slices, int by);
  Batch batch_;
  std::map<std::uint64_t, int> changes_;
};

class Blobs;

// A file being written. Removed again unless a transaction adopts it.
class PendingBlob {
 public:
  PendingBlob(Blobs& blobs, std::uint64_t id, std::shared_ptr<const http::OpenFile> file)
      : blobs_(&blobs), id_(id), file_(std::move(file)) {}
  ~PendingBlob();
  PendingBlob(PendingBlob&& other) noexcept
      : blobs_(std::exchange(other.blobs_, nullptr)), id_(other.id_), file_(std::move(other.file_)) {}
  PendingBlob& operator=(PendingBlob&&) = delete;

  std::uint64_t id() const { return id_; }
  const std::shared_ptr<const http::OpenFile>& file() const { return file_; }
  // Call in the transaction that makes it live; a failed commit leaves the file to the next start's cleaning.
  void adopt(Transaction& transaction);

 private:
  Blobs* blobs_;
  std::uint64_t id_;
  std::shared_ptr<const http::OpenFile> file_;
};

class Blobs {
 public:
  Blobs(Store& store, Sequence& sequence, asio::any_io_executor executor);

  // Errors: unavailable (no space, no descriptors).
  Result<PendingBlob> begin();
  // For a blob that a record already owns: made where it does not exist yet.
  Result<std::shared_ptr<const http::OpenFile>> open_for_writing(std::uint64_t blob);
  // The same where it exists already; never makes one.
  Result<std::shared_ptr<const http::OpenFile>> reopen_for_writing(std::uint64_t blob);
  // Errors: corrupt, where the file is missing.
  Result<std::shared_ptr<const http::OpenFile>> open(std::uint64_t blob) const;
  // Ready to be sent; each blob is opened once.
  Result<std::vector<http::FileSlice>> open_slices(const Slices& slices) const;

  // Applies the transaction; await Store::durable() before acknowledging. Errors: unavailable: nothing was changed.
  Result<void> commit(Transaction transaction);
  void discard(std::uint64_t blob);

  Task<void> start();
  Task<void> stop();

 private:
  std::filesystem::path path(std::uint64_t blob) const;
  Result<std::shared_ptr<const http::OpenFile>> open_with(std::uint64_t blob, int flags) const;
  Task<void> sweep();

  Store& store_;
  Sequence& sequence_;
  std::deque<std::uint64_t> doomed_;
  Bell bell_;
  TaskGroup tasks_;
};

}  // namespace ads::cloud::s3
