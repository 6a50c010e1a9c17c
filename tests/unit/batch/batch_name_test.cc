#include "batch/batch_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ads::batch {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;
constexpr Date kToday{year{2026}, month{11}, day{22}};

TEST(BatchName, AcceptsAndRefuses) {
  struct {
    std::string key;
    const char* result;  // "ok" or the reason
  } cases[] = {
      {"DES_Manually_Process_22-11-2026", "ok"},
      {"ADS_Manually_Process_22-11-2026", "ok"},
      {"DES_Manually_Process_22-11-2026.csv", "ok"},
      {"DES_Manually_Process_22-11-2026.jsonl", "ok"},
      {"DES_Manually_Process_22-11-2026.csv.gz", "ok"},
      {"DES_Manually_Process_22-11-2026.jsonl.zst", "ok"},
      {"DES_Manually_Process_22-11-2026.gz", "ok"},
      {"DES_Manually_Process_22-11-2026.zst", "ok"},
      {"DES_Manually_Process_22-11-2026.txt", "ok"},
      {"DES_Manually_Process_22-11-2026.tsv", "ok"},
      {"DES_Manually_Process_22-11-2026.json", "ok"},
      {"DES_Manually_Process_22-11-2026.ndjson.gz", "ok"},
      {"DES_Manually_Process_22-11-2026.zip", "ok"},
      {"DES_Manually_Process_22-11-2026.csv.zip", "ok"},
      {"DES_Manually_Process_22-11-2026.bz2", "ok"},
      {"DES_Manually_Process_22-11-2026.csv.bz2", "ok"},
      {"DES_Manually_Process_22-11-2026.xz", "ok"},
      {"DES_Manually_Process_22-11-2026.csv.xz", "ok"},
      {"DES_Manually_Process_22-11-2026.CSV", "ok"},
      {"DES_Manually_Process_22-11-2026.Csv.GZ", "ok"},
      {"DES_Manually_Process_22-11-2026.csv.gz.gz", "BAD_NAME"},
      {"DES_Manually_Process_22-11-2026.csvgz", "BAD_NAME"},
      {"DES_Manually_Process_22-11-2026.xlsx", "BAD_NAME"},
      {"DES_Manually_Process_22-11-2026.XLS", "BAD_NAME"},
      {"DES_Manually_Process_22-11-2026.", "BAD_NAME"},
      {"DES_Manually_Process_22-11-2026.csv.csv", "BAD_NAME"},
      {"DES_Manually_Process_22-11-2026.gz.csv", "BAD_NAME"},
      {"DES_Manually_Process_22-11-2026 (1).csv", "BAD_NAME"},
      {"DES_Manually_Process_22-11-2026 +.csv", "BAD_NAME"},
      {"DES_Manually_Process_22-11-2026\n", "BAD_NAME"},
      {"DES_Manually_Process_2026-11-22", "BAD_NAME"},
      {"DES_Manually_Process_22-11-26", "BAD_NAME"},
      {"DES_Manually_Process_2 -11-2026", "BAD_NAME"},
      {"DES_Manually_Process_-2-11-2026", "BAD_NAME"},
      {"DES_Manually_Process_", "BAD_NAME"},
      {"DES_Manually_Processed_22-11-2026", "BAD_NAME"},
      {"XES_Manually_Process_22-11-2026", "BAD_NAME"},
      {"des_manually_process_22-11-2026", "BAD_NAME"},
      {"in/DES_Manually_Process_22-11-2026", "BAD_NAME"},
      {"", "BAD_NAME"},
      {"DES", "BAD_NAME"},
      {"DES_Manually_Process_\xff\xff-11-2026", "BAD_NAME"},
      {"DES_Manually_Process_31-02-2026", "BAD_DATE"},
      {"DES_Manually_Process_29-02-2026", "BAD_DATE"},
      {"DES_Manually_Process_00-11-2026", "BAD_DATE"},
      {"DES_Manually_Process_22-13-2026", "BAD_DATE"},
      {"DES_Manually_Process_11-22-2026", "BAD_DATE"},
      {"DES_Manually_Process_21-11-2026", "WRONG_DAY"},
      {"DES_Manually_Process_22-11-2027", "WRONG_DAY"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.key);
    auto name = accept_batch(c.key, AcceptDates::today, kToday);
    EXPECT_EQ(name ? "ok" : std::string(to_string(name.error().reason)), c.result);
    if (!name) {
      EXPECT_THAT(name.error().sentence, testing::HasSubstr("pload"));  // says what to do
    } else {
      EXPECT_EQ(batch_key(*name), c.key);
    }
  }
}

TEST(BatchName, AnyDateIsTakenWhenAsked) {
  EXPECT_TRUE(accept_batch("DES_Manually_Process_29-02-2024", AcceptDates::any, kToday));
  EXPECT_FALSE(accept_batch("DES_Manually_Process_30-02-2024", AcceptDates::any, kToday));
}

TEST(BatchName, TheRefusalSaysBothDays) {
  auto name = accept_batch("DES_Manually_Process_21-11-2026", AcceptDates::today, kToday);
  EXPECT_THAT(name.error().sentence, testing::AllOf(testing::HasSubstr("21-11-2026"), testing::HasSubstr("22-11-2026"),
                                                    testing::HasSubstr("AcceptDates=any")));
}

TEST(BatchName, TheProcessedNameIsNeverABatchName) {
  struct {
    const char* key;
    int number;
    const char* processed;
  } cases[] = {
      {"DES_Manually_Process_22-11-2026", 1, "DES_Manually_Processed_22-11-2026"},
      {"DES_Manually_Process_22-11-2026", 2, "DES_Manually_Processed_22-11-2026_2"},
      {"DES_Manually_Process_02-01-2026.csv", 1, "DES_Manually_Processed_02-01-2026.csv"},
      {"ADS_Manually_Process_22-11-2026.csv.gz", 13, "ADS_Manually_Processed_22-11-2026_13.csv.gz"},
      {"DES_Manually_Process_22-11-2026.CSV.Zip", 2, "DES_Manually_Processed_22-11-2026_2.CSV.Zip"},
  };
  for (const auto& c : cases) {
    std::string processed = processed_key(*parse_batch_name(c.key), c.number);
    EXPECT_EQ(processed, c.processed);
    EXPECT_FALSE(parse_batch_name(processed));
    EXPECT_FALSE(processed.starts_with("DES_Manually_Process_")) << "it would start a run again";
  }
}

TEST(BatchName, AWorkbooksNameSaysTheCure) {
  for (const char* extension : {".xlsx", ".xls", ".XLSX", ".ods"}) {
    auto name = parse_batch_name(std::string("DES_Manually_Process_22-11-2026") + extension);
    ASSERT_FALSE(name) << extension;
    EXPECT_THAT(name.error().sentence,
                testing::AllOf(testing::HasSubstr("workbook"), testing::HasSubstr("save it as CSV")))
        << extension;
  }
}

TEST(BatchName, OtherKeysOfARun) {
  EXPECT_EQ(quarantine_key("abc"), "quarantine/abc.jsonl");
  EXPECT_EQ(report_key("abc"), "reports/abc.json");
}

}  // namespace
}  // namespace ads::batch
