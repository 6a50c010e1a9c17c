#include "cloud/store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/transaction_log.h>
#include <rocksdb/write_batch.h>

#include <boost/asio/thread_pool.hpp>
#include <optional>
#include <set>

#include "base/log.h"
#include "cloud/data_directory.h"
#include "cloud/secret_key.h"
#include "cloud/wal_mark.h"

namespace ads::cloud {
namespace {

constexpr std::size_t kWriteBuffer = 16u << 20;
constexpr std::size_t kBlockCache = 32u << 20;
constexpr std::size_t kShortRange = 10'000;  // keys

rocksdb::Slice slice(std::string_view text) {
  return {text.data(), text.size()};
}
std::string_view view(const rocksdb::Slice& text) {
  return {text.data(), text.size()};
}

Error to_error(const rocksdb::Status& status, const std::string& what) {
  std::string message = what + ": " + status.ToString();
  if (status.IsCorruption()) return {ErrorKind::corrupt, "StoreCorrupt", message};
  if (status.IsIOError() && message.find("lock") != message.npos)
    return {ErrorKind::conflict, "StoreInUse", message + " (is another `ads cloud` running on this directory?)"};
  return {ErrorKind::unavailable, "StoreUnavailable", message};
}

rocksdb::Options tuned() {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.write_buffer_size = kWriteBuffer;
  options.max_write_buffer_number = 3;
  options.max_background_jobs = 2;
  options.max_open_files = 256;
  options.keep_log_file_num = 2;
  options.max_log_file_size = 1u << 20;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  // A torn last record is what kill -9 or a power cut leaves; everything synced before it is kept.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // A finished log that was cut or removed is noticed; WalMark sees to the one that is being written.
  options.track_and_verify_wals_in_manifest = true;
  options.compression = rocksdb::kLZ4Compression;
  rocksdb::BlockBasedTableOptions table;
  // One shard (one thread reads), and indexes and filters in pages: the filter of a large file would fit into no shard
  // of a divided cache, and every read would load it anew.
  table.block_cache = rocksdb::NewLRUCache(kBlockCache, 0);
  table.cache_index_and_filter_blocks = true;
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace

struct Batch::State {
  rocksdb::WriteBatch writes;
};

Batch::Batch() : state_(std::make_unique<State>()) {}
Batch::~Batch() = default;
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;
void Batch::put(std::string_view key, std::string_view value) {
  state_->writes.Put(slice(key), slice(value));
}
void Batch::remove(std::string_view key) {
  state_->writes.Delete(slice(key));
}
void Batch::remove_range(std::string_view from, std::string_view to) {
  state_->writes.DeleteRange(slice(from), slice(to));
}
bool Batch::empty() const {
  return state_->writes.Count() == 0;
}

namespace {

// Writes a batch out again with each short range as single removals. RocksDB sorts all range tombstones of a memtable
// anew for the first read after each of them: a queue that removes small ranges all day would make every read slow.
class RangeExpander : public rocksdb::WriteBatch::Handler {
 public:
  explicit RangeExpander(rocksdb::DB& db) : db_(db) {}

  rocksdb::Status PutCF(std::uint32_t, const rocksdb::Slice& key, const rocksdb::Slice& value) override {
    put_keys_.insert(key.ToString());
    return out_.Put(key, value);
  }
  rocksdb::Status DeleteCF(std::uint32_t, const rocksdb::Slice& key) override { return out_.Delete(key); }
  rocksdb::Status DeleteRangeCF(std::uint32_t, const rocksdb::Slice& from, const rocksdb::Slice& to) override {
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &to;
    // What was removed before is walked over, too: where that is long, one range is cheaper than to find out what is
    // left.
    options.max_skippable_internal_keys = kShortRange;
    std::unique_ptr<rocksdb::Iterator> at(db_.NewIterator(options));
    std::vector<std::string> keys;
    for (at->Seek(from); at->Valid(); at->Next()) {
      keys.push_back(at->key().ToString());
      if (keys.size() > kShortRange) return out_.DeleteRange(from, to);
    }
    if (at->status().IsIncomplete()) return out_.DeleteRange(from, to);
    if (!at->status().ok()) return at->status();
    for (const auto& key : keys) out_.Delete(key);
    for (auto key = put_keys_.lower_bound(from.ToString()); key != put_keys_.end() && *key < to.ToString(); ++key)
      out_.Delete(*key);
    return rocksdb::Status::OK();
  }
  rocksdb::WriteBatch& out() { return out_; }

 private:
  rocksdb::DB& db_;
  rocksdb::WriteBatch out_;
  std::set<std::string> put_keys_;  // of this batch: a range after a put removes that, too
};

}  // namespace

struct Cursor::State {
  std::string from, to;  // own the bounds that the iterator's options point to
  rocksdb::Slice lower, upper;
  std::unique_ptr<rocksdb::Iterator> iterator;
  ScanOrder order;
};

Cursor::Cursor(std::unique_ptr<State> state) : state_(std::move(state)) {}
Cursor::~Cursor() = default;
Cursor::Cursor(Cursor&&) noexcept = default;
bool Cursor::valid() const {
  if (state_->iterator->Valid()) return true;
  if (const auto status = state_->iterator->status(); !status.ok())
    throw std::runtime_error("store scan failed: " + status.ToString());
  return false;
}
std::string_view Cursor::key() const {
  return view(state_->iterator->key());
}
std::string_view Cursor::value() const {
  return view(state_->iterator->value());
}
void Cursor::next() {
  if (state_->order == ScanOrder::ascending)
    state_->iterator->Next();
  else
    state_->iterator->Prev();
}

struct Store::State {
  State(asio::any_io_executor e) : executor(e), flushed(e) {}

  asio::any_io_executor executor;
  std::unique_ptr<rocksdb::DB> db;
  std::filesystem::path directory, blobs;
  Durability durability = Durability::durable;
  std::optional<WalMark> mark;
  asio::thread_pool workers{2};

  // The log that is being written, and its length now.
  std::optional<WalMark::Position> log_position() {
    std::unique_ptr<rocksdb::LogFile> log;
    if (!mark || !db->GetCurrentWalFile(&log).ok() || !log) return std::nullopt;
    return WalMark::Position{log->LogNumber(), log->SizeFileBytes()};
  }

  // Group commit: at most one flush runs; whoever comes meanwhile waits for the next, which covers all of them.
  std::uint64_t applied = 0;  // number of the newest change
  std::uint64_t on_disk = 0;  // newest change known to be synced
  bool is_flushing = false;
  std::optional<Error> failure;  // a failed sync: nothing later can be promised
  Bell flushed;
};

Store::Store() = default;

Store::~Store() {
  if (!state_) return;
  state_->workers.join();
  bool is_ephemeral = state_->durability == Durability::ephemeral;
  auto directory = state_->directory;
  state_.reset();
  std::error_code ignored;
  if (is_ephemeral) std::filesystem::remove_all(directory, ignored);
}

namespace {

std::string check_key() {
  std::string key;
  append_text(key, "secret-key");
  return key;
}

// That the key file is the one that the store's secrets were sealed under.
Result<void> check_secret_key(Store& store, const SecretKey& secret_key, const std::filesystem::path& file) {
  constexpr std::string_view kText = "ads", kContext = "check";
  if (const auto sealed = store.get(check_key())) {
    if (const auto text = secret_key.unseal(*sealed, kContext); text && *text == kText) return {};
    return fail(
        ErrorKind::corrupt, "WrongSecretKey",
        file.string() + " is not the key that this directory's secrets were sealed under: put the right one back");
  }
  Batch batch;
  batch.put(check_key(), secret_key.seal(kText, kContext));
  return store.apply(std::move(batch));
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(asio::any_io_executor executor, const std::filesystem::path& directory,
                                           Durability durability) {
  std::unique_ptr<Store> store(new Store);
  store->state_ = std::make_unique<State>(executor);
  State& state = *store->state_;
  state.directory = directory;
  state.blobs = directory / "blobs";
  state.durability = durability;
  std::error_code error;
  std::filesystem::create_directories(state.blobs, error);
  if (error)
    return fail(ErrorKind::unavailable, "StoreUnavailable",
                "cannot make " + state.blobs.string() + ": " + error.message());
  if (auto room = check_room(directory); !room) return fail(room.error());
  make_private(directory);
  const auto key_file = directory / "secret.key";
  auto secret_key = SecretKey::load_or_make(key_file);
  if (!secret_key) return fail(secret_key.error());
  if (durability == Durability::durable) {
    auto mark = WalMark::open(directory / "wal-mark");
    if (!mark) return fail(mark.error());
    if (auto checked = mark->check(directory / "state"); !checked) return fail(checked.error());
    state.mark = *std::move(mark);
  }
  rocksdb::DB* db = nullptr;
  auto status = rocksdb::DB::Open(tuned(), (directory / "state").string(), &db);
  if (!status.ok()) return fail(to_error(status, "cannot open the store in " + directory.string()));
  state.db.reset(db);
  if (const auto position = state.log_position()) state.mark->set(*position);
  if (auto checked = check_secret_key(*store, *secret_key, key_file); !checked) return fail(checked.error());
  return store;
}

std::optional<std::string> Store::get(std::string_view key) const {
  std::string value;
  auto status = state_->db->Get({}, slice(key), &value);
  if (status.ok()) return value;
  // A read that fails for another reason must not look like "absent": the caller would overwrite what is there.
  if (!status.IsNotFound()) throw std::runtime_error("store read failed: " + status.ToString());
  return std::nullopt;
}

Cursor Store::scan(std::string_view from, std::string_view to, ScanOrder order) const {
  auto state = std::make_unique<Cursor::State>();
  state->from = from;
  state->to = to;
  state->order = order;
  state->lower = state->from;
  state->upper = state->to;
  rocksdb::ReadOptions options;
  options.iterate_lower_bound = &state->lower;
  if (!state->to.empty()) options.iterate_upper_bound = &state->upper;
  options.total_order_seek = true;
  state->iterator.reset(state_->db->NewIterator(options));
  if (order == ScanOrder::ascending)
    state->iterator->Seek(state->lower);
  else
    state->iterator->SeekToLast();
  return Cursor(std::move(state));
}

Cursor Store::scan_prefix(std::string_view prefix, ScanOrder order) const {
  return scan(prefix, after_prefix(prefix), order);
}

Result<void> Store::apply(Batch batch) {
  if (state_->failure) return fail(*state_->failure);
  if (batch.empty()) return {};
  rocksdb::Status status;
  if (batch.state_->writes.HasDeleteRange()) {
    RangeExpander expander(*state_->db);
    status = batch.state_->writes.Iterate(&expander);
    if (status.ok()) status = state_->db->Write({}, &expander.out());
  } else {
    status = state_->db->Write({}, &batch.state_->writes);
  }
  if (!status.ok()) return fail(to_error(status, "cannot write to the store"));
  ++state_->applied;
  return {};
}

Task<Result<void>> Store::durable() {
  State& state = *state_;
  if (state.durability == Durability::ephemeral) co_return Result<void>{};
  const std::uint64_t mine = state.applied;
  while (state.on_disk < mine && !state.failure) {
    if (state.is_flushing) {
      co_await state.flushed.wait();
      continue;
    }
    state.is_flushing = true;
    const std::uint64_t covered = state.applied;
    rocksdb::Status status;
    try {
      co_await off_thread([&] {
        const auto reached = state.log_position();
        status = state.db->SyncWAL();
        if (status.ok() && reached) state.mark->set(*reached);
      });
    } catch (...) {  // this caller was cancelled: whoever waits flushes in its place
      state.is_flushing = false;
      state.flushed.ring_all();
      throw;
    }
    state.is_flushing = false;
    if (status.ok())
      state.on_disk = covered;
    else
      state.failure = to_error(status, "cannot sync the store");
    state.flushed.ring_all();
  }
  if (state.failure) co_return fail(*state.failure);
  co_return Result<void>{};
}

Task<Result<void>> Store::commit(Batch batch) {
  auto applied = apply(std::move(batch));
  if (!applied) co_return applied;
  co_return co_await durable();
}

const std::filesystem::path& Store::blob_directory() const {
  return state_->blobs;
}

Task<void> Store::off_thread(std::function<void()> work) {
  // The pool's thread runs the work, then posts the completion back to the caller's executor. The wait ignores
  // cancellation: the work refers to what the caller's frame owns.
  auto executor = co_await asio::this_coro::executor;
  co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(
      [&](auto handler) {
        asio::post(state_->workers, [work = std::move(work), executor, handler = std::move(handler)]() mutable {
          work();
          asio::post(executor, [handler = std::move(handler)]() mutable { std::move(handler)(); });
        });
      },
      asio::use_awaitable);
}

Task<void> Store::close() {
  if (state_->durability == Durability::durable) {
    if (auto synced = co_await durable(); !synced)
      log(LogLevel::error, "the store could not be synced", {{"error", synced.error().message}});
  }
}

}  // namespace ads::cloud
