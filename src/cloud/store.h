// What the city remembers: an ordered map of byte strings that keeps what it acknowledged through kill -9.
// The only code that knows RocksDB is store.cc. One executor, no locks: use it from the cloud's executor.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"

namespace ads::cloud {

// Changes that happen together or not at all.
class Batch {
 public:
  Batch();
  ~Batch();
  Batch(Batch&&) noexcept;
  Batch& operator=(Batch&&) noexcept;

  void put(std::string_view key, std::string_view value);
  void remove(std::string_view key);
  void remove_range(std::string_view from,
                    std::string_view to);  // [from, to); costs as many removals while it is short
  bool empty() const;

 private:
  friend class Store;
  struct State;
  std::unique_ptr<State> state_;
};

// Walks keys in order within [from, to), either way. Sees the store as it was when the cursor was made.
//   for (auto c = store.scan(from, to); c.valid(); c.next()) use(c.key(), c.value());
class Cursor {
 public:
  ~Cursor();
  Cursor(Cursor&&) noexcept;
  bool valid() const;
  std::string_view key() const;
  std::string_view value() const;
  void next();

 private:
  friend class Store;
  struct State;
  explicit Cursor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

enum class ScanOrder { ascending, descending };

// durable: apply() survives power loss once durable() returned, and kill -9 at once. ephemeral: gone with the process.
enum class Durability { durable, ephemeral };

class Store {
 public:
  // Opens or makes <directory>/state and <directory>/blobs. Errors: conflict (another process has it open), corrupt,
  // unavailable.
  static Result<std::unique_ptr<Store>> open(asio::any_io_executor executor, const std::filesystem::path& directory,
                                             Durability durability);
  ~Store();

  std::optional<std::string> get(std::string_view key) const;
  // `to` empty: to the end. Descending starts at the last key before `to`.
  Cursor scan(std::string_view from, std::string_view to, ScanOrder order = ScanOrder::ascending) const;
  // Every key that starts with `prefix`.
  Cursor scan_prefix(std::string_view prefix, ScanOrder order = ScanOrder::ascending) const;

  // Visible to everybody on return. Decide and apply without a co_await between them: that is the cloud's transaction.
  // Errors: unavailable (disk full or failing): nothing was changed.
  Result<void> apply(Batch batch);
  // Returns once all that was applied before the call is on disk. Many callers share one flush (group commit).
  Task<Result<void>> durable();
  // apply and then durable: what an action does before it answers.
  Task<Result<void>> commit(Batch batch);

  // Where bodies too large for the map live, as files. Whoever writes one syncs it before its key is committed.
  const std::filesystem::path& blob_directory() const;
  // Runs blocking work (fdatasync, unlink of a large file) off the executor and comes back.
  Task<void> off_thread(std::function<void()> work);

  // Flushes and closes; nothing may be called afterwards.
  Task<void> close();

 private:
  Store();
  struct State;
  std::unique_ptr<State> state_;
};

// ---- Keys: fields joined so that byte order is the order of the fields, one after the other. ----

// Appends text and a terminator; a zero byte inside is escaped, so ("a","b") and ("ab","") never meet.
void append_text(std::string& key, std::string_view text);
// Eight bytes, most significant first: numbers in order.
void append_number(std::string& key, std::uint64_t number);
// Read one field and drop it from the front of `key`; nothing where the key is malformed.
std::optional<std::string> take_text(std::string_view& key);
std::optional<std::uint64_t> take_number(std::string_view& key);
// The first key after every key that starts with `prefix`; empty where there is none.
std::string after_prefix(std::string_view prefix);

}  // namespace ads::cloud
