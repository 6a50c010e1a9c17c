#include "cli/submit_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ads::cli {
namespace {

using namespace std::chrono_literals;
using Outcome = NameCheck::Outcome;
constexpr batch::Date kToday = 2026y / 12 / 1;

TEST(SubmitName, IsJudgedBeforeAnythingIsSent) {
  const struct {
    const char *key, *file;
    batch::AcceptDates accept;
    Outcome outcome;
    const char* says;
  } cases[] = {
      {"DES_Manually_Process_01-12-2026.csv", "x", batch::AcceptDates::today, Outcome::accepted, ""},
      {"DES_Manually_Process_30-11-2026.csv", "x", batch::AcceptDates::any, Outcome::accepted, ""},
      {"DES_Manually_Process_30-11-2026.csv", "x", batch::AcceptDates::today, Outcome::refused,
       "Submit it with --as DES_Manually_Process_01-12-2026.csv, or with --force"},
      {"ADS_Manually_Process_31-02-2026", "x", batch::AcceptDates::any, Outcome::refused,
       "--as ADS_Manually_Process_01-12-2026,"},
      {"DES_Manually_Process_2026-12-01.csv", "x", batch::AcceptDates::any, Outcome::refused,
       "--as DES_Manually_Process_01-12-2026.csv"},
      {"export.csv.gz", "export.csv.gz", batch::AcceptDates::any, Outcome::unnoticed,
       "no event rule of the bucket matches 'export.csv.gz'"},
      {"export.csv.gz", "export.csv.gz", batch::AcceptDates::any, Outcome::unnoticed,
       "--as DES_Manually_Process_01-12-2026.csv.gz"},
      {"folder/DES_Manually_Process_01-12-2026.csv", "", batch::AcceptDates::any, Outcome::unnoticed, "no event rule"},
      {"DES_Manually_Processed_01-12-2026.csv", "", batch::AcceptDates::any, Outcome::unnoticed, "no event rule"},
      {"des_manually_process_01-12-2026.csv", "", batch::AcceptDates::any, Outcome::unnoticed, "no event rule"},
  };
  for (const auto& one : cases) {
    auto check = check_name(one.key, one.file, one.accept, kToday);
    EXPECT_EQ(check.outcome, one.outcome) << one.key;
    EXPECT_THAT(check.sentence, testing::HasSubstr(one.says)) << one.key;
  }
}

TEST(SubmitName, ASuggestedNameIsAccepted) {
  for (const char* file : {"", "x.csv", "x.jsonl", "x.csv.gz", "x.tar", "a.b.csv", "x.", "./.csv"}) {
    auto name = suggested_name(file, file, kToday);
    EXPECT_EQ(check_name(name, file, batch::AcceptDates::today, kToday).outcome, Outcome::accepted) << name;
  }
}

}  // namespace
}  // namespace ads::cli
