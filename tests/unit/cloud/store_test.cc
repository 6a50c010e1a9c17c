#include "cloud/store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "base/digest.h"
#include "base/encoding.h"
#include "cloud/secret_key.h"
#include "run_task.h"
#include "temporary_directory.h"

namespace ads::cloud {
namespace {

struct Fixture {
  explicit Fixture(Durability durability = Durability::durable) {
    auto opened = Store::open(io.get_executor(), directory.path() / "data", durability);
    EXPECT_TRUE(opened);
    store = std::move(*opened);
  }
  void put(std::string_view key, std::string_view value) {
    Batch batch;
    batch.put(key, value);
    ASSERT_TRUE(store->apply(std::move(batch)));
  }
  std::string keys(Cursor cursor) {
    std::string all;
    for (; cursor.valid(); cursor.next())
      if (!cursor.key().starts_with("secret-key")) all += std::string(cursor.key()) + " ";  // the store's own
    return all;
  }
  void reopen() {
    store.reset();
    store = std::move(*Store::open(io.get_executor(), directory.path() / "data", Durability::durable));
  }

  testing::TemporaryDirectory directory;
  asio::io_context io{1};
  std::unique_ptr<Store> store;
};

TEST(Store, KeepsWhatItTook) {
  Fixture f;
  f.put("a", "1");
  EXPECT_EQ(f.store->get("a"), "1");
  EXPECT_EQ(f.store->get("b"), std::nullopt);
  ASSERT_TRUE(testing::run(f.io, f.store->durable()));
  f.reopen();
  EXPECT_EQ(f.store->get("a"), "1");
}

TEST(Store, ABatchIsOneChange) {
  Fixture f;
  f.put("x", "old");
  Batch batch;
  batch.put("y", "new");
  batch.remove("x");
  ASSERT_TRUE(testing::run(f.io, f.store->commit(std::move(batch))));
  EXPECT_EQ(f.store->get("x"), std::nullopt);
  EXPECT_EQ(f.store->get("y"), "new");
}

TEST(Store, ScansRangesBothWays) {
  Fixture f;
  for (const char* key : {"a", "b1", "b2", "b3", "c"}) f.put(key, "");
  EXPECT_EQ(f.keys(f.store->scan("b1", "c")), "b1 b2 b3 ");
  EXPECT_EQ(f.keys(f.store->scan("b1", "c", ScanOrder::descending)), "b3 b2 b1 ");
  EXPECT_EQ(f.keys(f.store->scan_prefix("b")), "b1 b2 b3 ");
  EXPECT_EQ(f.keys(f.store->scan_prefix("b", ScanOrder::descending)), "b3 b2 b1 ");
  EXPECT_EQ(f.keys(f.store->scan("b2", "")), "b2 b3 c ");
  Batch batch;
  batch.remove_range("b1", "b3");
  ASSERT_TRUE(f.store->apply(std::move(batch)));
  EXPECT_EQ(f.keys(f.store->scan("", "")), "a b3 c ");
}

TEST(Store, ARangeAlsoRemovesWhatTheBatchPutBefore) {
  Fixture f;
  f.put("b1", "");
  Batch batch;
  batch.put("b2", "");
  batch.put("c", "");
  batch.remove_range("b", "c");
  batch.put("b3", "");
  ASSERT_TRUE(f.store->apply(std::move(batch)));
  EXPECT_EQ(f.keys(f.store->scan("", "")), "b3 c ");
}

TEST(Store, RemovesLongRanges) {
  Fixture f;
  Batch many;
  for (int i = 0; i < 20'000; ++i) many.put("k" + std::to_string(i), "");
  many.put("z", "");
  ASSERT_TRUE(f.store->apply(std::move(many)));
  Batch batch;
  batch.remove_range("k", "l");
  ASSERT_TRUE(f.store->apply(std::move(batch)));
  EXPECT_EQ(f.keys(f.store->scan("", "")), "z ");
}

TEST(Store, ACursorSeesThePast) {
  Fixture f;
  f.put("a", "");
  auto cursor = f.store->scan("", "");
  f.put("b", "");
  EXPECT_EQ(f.keys(std::move(cursor)), "a ");
}

TEST(Store, OneProcessAtATime) {
  Fixture f;
  auto second = Store::open(f.io.get_executor(), f.directory.path() / "data", Durability::durable);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "StoreInUse");
}

TEST(Store, ManyCommitsShareFlushes) {
  Fixture f;
  testing::run(f.io, [](Fixture& f) -> Task<void> {
    TaskGroup group(f.io.get_executor());
    int done = 0;
    for (int i = 0; i < 200; ++i)
      group.spawn("commit", [](Fixture& f, int i, int& done) -> Task<void> {
        Batch batch;
        batch.put("k" + std::to_string(i), "v");
        auto committed = co_await f.store->commit(std::move(batch));
        if (committed) ++done;
      }(f, i, done));
    co_await group.drain();
    EXPECT_EQ(done, 200);
  }(f));
}

// The files of the store, the largest first, that end so.
std::vector<std::filesystem::path> files(const Fixture& f, std::string_view ending) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(f.directory.path() / "data" / "state"))
    if (entry.path().native().ends_with(ending)) found.push_back(entry.path());
  std::sort(found.begin(), found.end(), [](auto& a, auto& b) { return file_size(a) > file_size(b); });
  return found;
}

void flip_byte(const std::filesystem::path& path, std::uint64_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const char byte = static_cast<char>(file.get() ^ 0x55);
  file.seekp(static_cast<std::streamoff>(at));
  file.put(byte);
}

std::string value_of(int i) {
  std::string text;
  for (int k = 0; k < 20; ++k) text += to_hex(sha256(std::to_string(i * 100 + k)));
  return text;
}

TEST(Store, ADamagedBlockIsNotTheEndOfAScan) {
  Fixture f;
  for (int i = 0; i < 1500; ++i) f.put("k" + std::to_string(10'000 + i), value_of(i));
  ASSERT_TRUE(testing::run(f.io, f.store->durable()));
  f.reopen();  // what was in the log is in a table now
  f.reopen();
  const auto tables = files(f, ".sst");
  ASSERT_FALSE(tables.empty());
  f.store.reset();
  flip_byte(tables.front(), file_size(tables.front()) / 2);
  f.store = std::move(*Store::open(f.io.get_executor(), f.directory.path() / "data", Durability::durable));
  const auto count = [&](ScanOrder order) {
    int seen = 0;
    for (auto cursor = f.store->scan("k", "l", order); cursor.valid(); cursor.next()) ++seen;
    return seen;
  };
  EXPECT_THROW(count(ScanOrder::ascending), std::runtime_error);
  EXPECT_THROW(count(ScanOrder::descending), std::runtime_error);
}

class DamagedLog : public ::testing::Test {
 protected:
  DamagedLog() {
    for (int i = 0; i < 100; ++i) f.put("k" + std::to_string(i), value_of(i));
    EXPECT_TRUE(testing::run(f.io, f.store->durable()));
    log = files(f, ".log").front();
    f.store.reset();
  }
  Result<std::unique_ptr<Store>> open() {
    return Store::open(f.io.get_executor(), f.directory.path() / "data", Durability::durable);
  }
  Fixture f;
  std::filesystem::path log;
};

TEST_F(DamagedLog, IsReadWhereItIsWhole) {
  auto store = open();
  ASSERT_TRUE(store);
  EXPECT_EQ((*store)->get("k99"), value_of(99));
}

TEST_F(DamagedLog, CutIsNoticed) {
  std::filesystem::resize_file(log, file_size(log) / 2);
  auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::corrupt);
  EXPECT_NE(store.error().message.find(log.filename().string()), std::string::npos);
}

TEST_F(DamagedLog, RemovedIsNoticed) {
  std::filesystem::remove(log);
  auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::corrupt);
}

TEST_F(DamagedLog, AFlippedByteIsNoticed) {
  flip_byte(log, file_size(log) / 2);
  auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::corrupt);
}

TEST_F(DamagedLog, ATornEndAfterTheLastSyncIsNot) {
  std::ofstream(log, std::ios::app | std::ios::binary) << std::string(20, '\x07');
  EXPECT_TRUE(open());
}

TEST(Store, SecretsAreSealedUnderTheKeyFile) {
  Fixture f;
  const auto sealed = SecretKey::of(*f.store).seal("hush", "of this");
  EXPECT_EQ(sealed.find("hush"), std::string::npos);
  EXPECT_NE(SecretKey::of(*f.store).seal("hush", "of this"), sealed);
  f.reopen();
  EXPECT_EQ(SecretKey::of(*f.store).unseal_stored(sealed, "of this"), "hush");
  EXPECT_THROW(SecretKey::of(*f.store).unseal_stored(sealed, "of that"), std::runtime_error);
  auto damaged = sealed;
  damaged[damaged.size() / 2] ^= 1;
  EXPECT_THROW(SecretKey::of(*f.store).unseal_stored(damaged, "of this"), std::runtime_error);
  f.store.reset();
  const auto file = f.directory.path() / "data" / "secret.key";
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::filesystem::remove(file);
  auto store = Store::open(f.io.get_executor(), f.directory.path() / "data", Durability::durable);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, "WrongSecretKey");
}

TEST(Keys, KeepTheOrderOfTheirFields) {
  using namespace std::string_literals;
  std::vector<std::pair<std::string, std::uint64_t>> fields;
  for (std::string text :
       {""s, "\0"s, "\0\0"s, "\0\x01"s, "\x01"s, "a"s, "a\0"s, "a\0b"s, "ab"s, "b"s, "\xff"s, "\xff\xff"s})
    for (std::uint64_t number : {0ull, 1ull, 255ull, 256ull, ~0ull}) fields.emplace_back(text, number);
  std::sort(fields.begin(), fields.end());
  std::string before;
  for (const auto& [text, number] : fields) {
    std::string key;
    append_text(key, text);
    append_number(key, number);
    EXPECT_LT(before, key);
    before = key;
    std::string_view rest = key;
    EXPECT_EQ(take_text(rest), text);
    EXPECT_EQ(take_number(rest), number);
    EXPECT_TRUE(rest.empty());
  }
}

TEST(Keys, AfterPrefix) {
  EXPECT_EQ(after_prefix("ab"), "ac");
  EXPECT_EQ(after_prefix("a\xff"), "b");
  EXPECT_EQ(after_prefix("\xff\xff"), "");
}

}  // namespace
}  // namespace ads::cloud
