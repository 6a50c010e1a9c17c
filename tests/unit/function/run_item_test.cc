#include "function/run_item.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ads::function {
namespace {

using aws::dynamodb::AttributeValue;
using aws::dynamodb::Item;
using testing::HasSubstr;

StoredRun full_run() {
  StoredRun stored;
  batch::Run& run = stored.run;
  run.id = "0123456789abcdef0123456789abcdef";
  run.object = {"bucket", "DES_Manually_Process_22-11-2026", "v1", "\"etag\"", 123456789012};
  run.status = batch::RunStatus::copied;
  run.sentence = "why";
  run.compression = batch::Compression::zstd;
  run.shard_count = 3;
  run.shards_done = 2;
  run.resumes = 4;
  run.inspection = batch::Inspection::verified;
  run.today = "22-11-2026";
  run.processed_key = "DES_Manually_Processed_22-11-2026";
  run.start = SystemTime(std::chrono::milliseconds(1795341605123));
  run.end = SystemTime(std::chrono::milliseconds(1795341606123));
  run.counters.lines = 5;
  run.counters.status_codes[100] = 5;
  run.counters.count(batch::Reason::nul);
  stored.revision = 7;
  stored.bytes_read = 99;
  stored.quarantine_key = "quarantine/x.jsonl";
  stored.mail_error = "MessageRejected";
  stored.unprocessed = {{10, 20}, {30, batch::kToEnd}};
  return stored;
}

TEST(RunItem, ComesBackAsItWas) {
  StoredRun run = full_run();
  Item item = run_item(run, run.run.end);
  EXPECT_EQ(aws::dynamodb::get_string(item, "id"), "RUN#0123456789abcdef0123456789abcdef");
  EXPECT_EQ(aws::dynamodb::get_integer(item, "expiresAt"), 1795341606 + 30 * 86400);
  auto back = run_from_item(item);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(run_item(*back, run.run.end), item);
  EXPECT_EQ(back->run.object, run.run.object);
  EXPECT_EQ(back->run.counters, run.run.counters);
  EXPECT_EQ(back->unprocessed, run.unprocessed);
  EXPECT_EQ(back->run.inspection, batch::Inspection::verified);
}

// A shardCount of four thousand million ended each sweep with bad_alloc.
TEST(RunItem, NumbersAreBounded) {
  struct {
    const char* attribute;
    AttributeValue value;
  } cases[] = {{"shardCount", AttributeValue(4'000'000'000)},
               {"shardCount", AttributeValue(1001)},
               {"shardCount", AttributeValue(0)},
               {"shardCount", AttributeValue("3")},
               {"shardsDone", AttributeValue(4)},
               {"shardsDead", AttributeValue(-1)},
               {"touched", AttributeValue(9'000'000'000'000'000'000)},
               {"finaliserUntil", AttributeValue(-5)},
               {"size", AttributeValue(-1)},
               {"mailsBegun", AttributeValue(5'000'000'000)}};
  for (const auto& [attribute, value] : cases) {
    Item item = run_item(full_run(), SystemTime{});
    item.insert_or_assign(attribute, value);
    auto run = run_from_item(item);
    ASSERT_FALSE(run) << attribute;
    EXPECT_EQ(run.error().kind, ErrorKind::corrupt);
    EXPECT_THAT(run.error().message, HasSubstr(attribute));
  }
}

TEST(RunItem, AnUnknownInspectionIsDamage) {
  Item item = run_item(full_run(), SystemTime{});
  item["inspection"] = AttributeValue("soon");
  auto run = run_from_item(item);
  ASSERT_FALSE(run);
  EXPECT_THAT(run.error().message, HasSubstr("inspection"));
}

TEST(RunItem, DamageIsNamed) {
  for (std::string attribute : {"runId", "status", "bucket", "key", "compression"}) {
    Item item = run_item(full_run(), SystemTime{});
    item[attribute] = AttributeValue("");
    auto run = run_from_item(item);
    ASSERT_FALSE(run) << attribute;
    EXPECT_EQ(run.error().kind, ErrorKind::corrupt);
    EXPECT_THAT(run.error().message, HasSubstr(attribute));
  }
}

TEST(ShardItem, IsReadAsWritten) {
  Item item{{"id", AttributeValue("RUN#abc#S#12")},  {"start", AttributeValue(100)},
            {"offset", AttributeValue(150)},         {"fence", AttributeValue(3)},
            {"leaseOwner", AttributeValue("me")},    {"leaseUntil", AttributeValue(5000)},
            {"status", AttributeValue("OPEN")},      {"layout", AttributeValue("csv:0,1,2/3")},
            {"compression", AttributeValue("gzip")}, {"expiresAt", AttributeValue(1)}};
  batch::Counters counters;
  counters.lines = 9;
  counters.status_codes[403] = 4;
  item["counters"] = counters_value(counters);
  auto state = shard_from_item(item);
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(state->range, (batch::Shard{12, 100, batch::kToEnd}));
  EXPECT_EQ(state->offset, 150u);
  EXPECT_EQ(state->fence, 3u);
  EXPECT_EQ(state->counters, counters);
  EXPECT_EQ(state->compression, batch::Compression::gzip);
  ASSERT_TRUE(state->layout);

  item["status"] = AttributeValue("BUSY");
  EXPECT_FALSE(shard_from_item(item));
}

}  // namespace
}  // namespace ads::function
