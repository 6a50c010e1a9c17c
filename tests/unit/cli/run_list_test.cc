#include "cli/run_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/run_choice.h"
#include "cli/run_table.h"
#include "cli/text_width.h"

namespace ads::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

RunRow row(std::string id, batch::RunStatus status, std::uint64_t records, std::uint64_t bad) {
  RunRow row;
  row.stored.run.id = std::move(id);
  row.stored.run.status = status;
  row.stored.run.object.key = "DES_Manually_Process_22-11-2026.csv";
  row.stored.run.start = *parse_iso8601("2026-11-22T08:30:00Z");
  row.counters.lines = records;
  row.counters.quarantined_by_reason[0] = bad;
  if (status == batch::RunStatus::done) row.stored.run.processed_key = "DES_Manually_Processed_22-11-2026.csv";
  return row;
}

std::vector<RunRow> rows() {
  return {row("5aa48f23000000000000000000000001", batch::RunStatus::running, 1234567, 3),
          row("77b0000000000000000000000000000a", batch::RunStatus::done, 100000, 0),
          row("910c0000000000000000000000000000", batch::RunStatus::refused, 0, 0)};
}

std::vector<std::string> texts(const std::vector<Line>& lines) {
  std::vector<std::string> out;
  for (const auto& line : lines) out.push_back(line.text);
  return out;
}

TEST(RunList, AtEightyColumns) {
  EXPECT_THAT(texts(run_list(rows(), 80)),
              ElementsAre("RUN       STATUS     RECORDS  BAD  FILE (NOW)",
                          "5aa48f23  RUNNING  1,234,567    3  DES_Manually_Process_22-11-2026.csv",
                          "77b00000  DONE       100,000    0  DES_Manually_Processed_22-11-2026.csv",
                          "910c0000  REFUSED          0    0  DES_Manually_Process_22-11-2026.csv"));
}

TEST(RunList, AtFortyColumnsARunTakesTwoLines) {
  EXPECT_THAT(texts(run_list(rows(), 40)),
              ElementsAre("5aa48f23 RUNNING 1,234,567, 3 bad", "  DES_Manually_Process_22-11-2026.csv",
                          "77b00000 DONE 100,000", "  DES_Manually_Processed_22-11-2026.csv", "910c0000 REFUSED 0",
                          "  DES_Manually_Process_22-11-2026.csv"));
}

TEST(RunList, AWideTerminalHasEverything) {
  auto lines = texts(run_list(rows(), 200));
  for (const char* title : {"STARTED (UTC)", "RETRIES", "SHARDS", "PROCESSED AS"})
    EXPECT_THAT(lines[0], HasSubstr(title));
  EXPECT_THAT(lines[2], HasSubstr("2026-11-22 08:30"));
  EXPECT_THAT(lines[2], HasSubstr("DES_Manually_Process_22-11-2026.csv  DES_Manually_Processed_22-11-2026.csv"));
}

TEST(RunList, NeverWiderThanTheTerminal) {
  for (std::size_t columns = 20; columns < 220; ++columns)
    for (const auto& line : run_list(rows(), columns)) EXPECT_LE(width_of(line.text), columns) << line.text;
}

TEST(RunList, ColorsByStatus) {
  EXPECT_EQ(tone_of(row("", batch::RunStatus::done, 1, 0)), Tone::good);
  EXPECT_EQ(tone_of(row("", batch::RunStatus::done, 1, 1)), Tone::warning);
  EXPECT_EQ(tone_of(row("", batch::RunStatus::failed, 1, 0)), Tone::danger);
  EXPECT_EQ(tone_of(row("", batch::RunStatus::refused, 1, 0)), Tone::warning);
  EXPECT_EQ(tone_of(row("", batch::RunStatus::running, 1, 1)), Tone::plain);
}

TEST(RunList, ARefusedKeyCannotMoveTheCursor) {
  auto evil = rows();
  evil[0].stored.run.object.key = "DES_Manually_Process_\x1b[2J\u202e.csv";
  EXPECT_THAT(texts(run_list(evil, 80))[1], HasSubstr("DES_Manually_Process_\\u001b[2J\\u202e.csv"));
}

TEST(RunList, IdsAreAsLongAsTheyMustBe) {
  std::vector<RunRow> close{row("0123456789a00000", batch::RunStatus::done, 1, 0),
                            row("0123456789b00000", batch::RunStatus::done, 1, 0)};
  EXPECT_THAT(texts(run_list(close, 80))[1], testing::StartsWith("0123456789a  "));
}

TEST(Since, IsAMoment) {
  SystemTime now = *parse_iso8601("2026-12-01T12:00:00Z");
  const struct {
    const char *text, *moment;
  } cases[] = {{"30m", "2026-12-01T11:30:00Z"},
               {"12h", "2026-12-01T00:00:00Z"},
               {"7d", "2026-11-24T12:00:00Z"},
               {"2026-11-30", "2026-11-30T00:00:00Z"},
               {"2026-11-30T08:00:00Z", "2026-11-30T08:00:00Z"}};
  for (const auto& one : cases) {
    auto parsed = parse_since(one.text, now);
    ASSERT_TRUE(parsed) << one.text;
    EXPECT_EQ(iso8601_seconds(*parsed), one.moment) << one.text;
  }
  for (const char* wrong : {"", "x", "7", "7w", "-7d", "yesterday", "2026-13-01"}) {
    auto parsed = parse_since(wrong, now);
    ASSERT_FALSE(parsed) << wrong;
    EXPECT_THAT(parsed.error().message, HasSubstr("30m, 12h, 7d"));
  }
}

TEST(HasStatus, KnowsWhatIsShown) {
  auto partial = row("", batch::RunStatus::failed, 1, 0);
  partial.stored.run.is_partial = true;
  EXPECT_TRUE(has_status(partial.stored, "partial"));
  EXPECT_TRUE(has_status(partial.stored, "failed"));
  EXPECT_FALSE(has_status(partial.stored, "done"));
  EXPECT_TRUE(has_status(row("", batch::RunStatus::copied, 1, 0).stored, "running"));
  auto canceling = row("", batch::RunStatus::running, 1, 0);
  canceling.stored.run.is_partial = true;
  canceling.stored.run.sentence = "The run was canceled with `ads cancel`.";
  EXPECT_EQ(shown_status(canceling.stored), "CANCELING");
  EXPECT_TRUE(has_status(canceling.stored, "running")) << "it has not ended";
  EXPECT_FALSE(has_status(row("", batch::RunStatus::refused, 1, 0).stored, "running"));
}

TEST(RunId, ABeginningIsEnoughWhereItIsUnique) {
  const std::vector<std::string> known{"5aa48f23000000000000000000000001", "5aa4aaaa000000000000000000000002",
                                       "77b00000000000000000000000000003"};
  EXPECT_EQ(complete_run_id("77", known).value(), known[2]);
  EXPECT_EQ(complete_run_id("5aa48", known).value(), known[0]);
  EXPECT_EQ(complete_run_id(known[1], known).value(), known[1]);
  const struct {
    const char *beginning, *code, *message;
  } cases[] = {
      {"5aa4", "AmbiguousRun",
       "2 runs begin with 5aa4: 5aa48f23000000000000000000000001, 5aa4aaaa000000000000000000000002; give more digits"},
      {"9", "NoRun", "there is no run 9: `ads runs` lists them"},
      {"DES_x", "NoRun",
       "'DES_x' is not the id of a run: 32 hexadecimal digits, or the first of them; `ads runs` lists "
       "the runs"},
      {"", "NoRun",
       "'' is not the id of a run: 32 hexadecimal digits, or the first of them; `ads runs` lists the runs"},
  };
  for (const auto& one : cases) {
    auto completed = complete_run_id(one.beginning, known);
    ASSERT_FALSE(completed) << one.beginning;
    EXPECT_EQ(completed.error().code, one.code);
    EXPECT_EQ(completed.error().message, one.message);
  }
}

}  // namespace
}  // namespace ads::cli
