#include "cloud/store.h"

#include <gtest/gtest.h>

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
    for (; cursor.valid(); cursor.next()) all += std::string(cursor.key()) + " ";
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
