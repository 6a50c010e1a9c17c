#include "cli/status_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/progress.h"

namespace ads::cli {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

const SystemTime kStart = *parse_iso8601("2026-12-01T12:00:00Z");

function::StoredRun running() {
  function::StoredRun stored;
  stored.run.id = "5aa48f23000000000000000000000001";
  stored.run.object.key = "DES_Manually_Process_01-12-2026.csv";
  stored.run.object.size = 10'000'000;
  stored.run.status = batch::RunStatus::running;
  stored.run.shard_count = 16;
  stored.run.shards_done = 7;
  stored.run.start = kStart;
  return stored;
}

ShardOverview half_way() {
  ShardOverview shards;
  shards.bytes_settled = 5'000'000;
  shards.counters.lines = 120'000;
  shards.counters.processed = 100'000;
  shards.counters.retry_queued = 19'990;
  shards.counters.quarantined_by_reason[0] = 10;
  shards.done = 7;
  shards.at_work = 3;
  shards.open = 6;
  return shards;
}

std::vector<std::string> texts(const std::vector<Line>& lines) {
  std::vector<std::string> out;
  for (const auto& line : lines) out.push_back(line.text);
  return out;
}

TEST(StatusText, OfARunAtWork) {
  EXPECT_THAT(texts(status_text(running(), half_way(), kStart + seconds(60))),
              ElementsAre("Run 5aa48f23000000000000000000000001 of DES_Manually_Process_01-12-2026.csv",
                          "RUNNING for 1 min 00 s: 50 %, 2,000 records/s, about 1 min 01 s left",
                          "  started    2026-12-01T12:00:00Z", "  file       5.0 MB of 10.0 MB",
                          "  records    120,000: 100,000 processed, 19,990 to retry, 10 bad",
                          "  shards     7 of 16 done, 3 at work, 6 waiting",
                          "  retries    open: `ads retries 5aa48f23000000000000000000000001` counts them", "",
                          "`ads cancel 5aa48f23000000000000000000000001` stops it."));
}

TEST(StatusText, OfAPartialRunSaysWhyAndWhatNext) {
  auto stored = running();
  stored.run.status = batch::RunStatus::failed;
  stored.run.is_partial = true;
  stored.run.sentence = "2 of 16 shards kept failing.";
  stored.run.end = kStart + seconds(8);
  auto shards = half_way();
  shards.troubles = {"shard 3, byte 4711: access \x1b[31mdenied"};
  auto lines = texts(status_text(stored, shards, kStart + seconds(600)));
  EXPECT_EQ(lines[1], "PARTIAL after 8 s");
  EXPECT_THAT(lines, testing::Contains("2 of 16 shards kept failing."));
  EXPECT_THAT(lines, testing::Contains("  stopped    shard 3, byte 4711: access \\u001b[31mdenied"));
  EXPECT_THAT(lines.back(), HasSubstr("`ads resume 5aa48f23000000000000000000000001` continues"));
}

TEST(StatusText, OfACanceledRun) {
  auto stored = running();
  stored.run.is_partial = true;
  stored.run.sentence = "The run was canceled with `ads cancel`.";
  auto lines = texts(status_text(stored, half_way(), kStart + seconds(60)));
  EXPECT_EQ(lines[1], "CANCELING for 1 min 00 s: 50 %, 2,000 records/s") << "it will not come to its end";
  EXPECT_EQ(lines[2], "The run was canceled with `ads cancel`.");
  EXPECT_EQ(lines.back(),
            "Its workers stop after their next checkpoint; `ads resume 5aa48f23000000000000000000000001` continues it "
            "then.");
  stored.run.status = batch::RunStatus::finalising;
  stored.run.is_canceled = true;
  stored.run.end = kStart + seconds(62);
  lines = texts(status_text(stored, half_way(), kStart + seconds(63)));
  EXPECT_EQ(lines[1], "CANCELING after 1 min 02 s: its shards have stopped; the report is being written");
  stored.run.status = batch::RunStatus::failed;
  EXPECT_EQ(texts(status_text(stored, half_way(), kStart + seconds(63)))[1], "PARTIAL after 1 min 02 s");
}

TEST(StatusText, OfARunThatIsReported) {
  auto stored = running();
  stored.run.status = batch::RunStatus::copied;
  stored.run.end = kStart + seconds(62);
  auto lines = texts(status_text(stored, half_way(), kStart + seconds(63)));
  EXPECT_EQ(lines[1], "COPIED after 1 min 02 s: every line is answered; the file is being renamed and reported");
  EXPECT_EQ(lines.back(), "`ads report 5aa48f23000000000000000000000001` shows its report in a moment.");
}

TEST(Pace, IsSaidOnlyWhereItIsKnown) {
  auto shards = half_way();
  EXPECT_FALSE(pace_of(running(), shards, kStart + seconds(1)).records_per_second) << "too short to say";
  shards.compression = batch::Compression::gzip;
  auto pace = pace_of(running(), shards, kStart + seconds(60));
  EXPECT_FALSE(pace.percent) << "offsets count in the content, the size is the file's";
  EXPECT_FALSE(pace.time_left);
  EXPECT_DOUBLE_EQ(*pace.records_per_second, 2000);
  EXPECT_FALSE(pace_of(running(), {}, kStart + seconds(60)).time_left) << "nothing is done yet";
}

TEST(ProgressLine, FitsTheTerminal) {
  EXPECT_EQ(progress_line("sending", 0.5, "5.0 MB, 1.2 MB/s", 80),
            "sending [###############...............]  50 %  5.0 MB, 1.2 MB/s");
  EXPECT_EQ(progress_line("sending", 0.5, "5.0 MB, 1.2 MB/s", 44), "sending [####....]  50 %  5.0 MB, 1.2 MB/s");
  EXPECT_EQ(progress_line("sending", 0.5, "5.0 MB, 1.2 MB/s", 40), "sending  50 %  5.0 MB, 1.2 MB/s");
  EXPECT_EQ(progress_line("sending", {}, "5.0 MB", 80), "sending  5.0 MB");
  EXPECT_EQ(progress_line("sending", 2.0, "5.0 MB", 12), "sending 100");
}

TEST(Duration, InWords) {
  const struct {
    int seconds;
    const char* text;
  } cases[] = {{-1, "0 s"}, {8, "8 s"}, {200, "3 min 20 s"}, {7500, "2 h 05 min"}, {90000, "1 d 1 h"}};
  for (const auto& one : cases) EXPECT_EQ(duration_text(seconds(one.seconds)), one.text);
}

TEST(Bytes, InWords) {
  EXPECT_EQ(bytes_text(9'999), "9,999 bytes");
  EXPECT_EQ(bytes_text(12'345), "12.3 kB");
  EXPECT_EQ(bytes_text(5'000'000'000), "5.0 GB");
  EXPECT_EQ(bytes_text(5'000'000'000'000), "5.0 TB");
}

}  // namespace
}  // namespace ads::cli
