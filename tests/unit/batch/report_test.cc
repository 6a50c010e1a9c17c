#include "batch/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "batch/refusal.h"

namespace ads::batch {
namespace {

using testing::HasSubstr;
using testing::Not;

// 1,000 lines, all accounted for.
Report sample() {
  Report report;
  report.run_id = "0123456789abcdef0123456789abcdef";
  report.object = {"files", "DES_Manually_Process_22-11-2026.csv", "v1", "abc", 45'000};
  report.program_version = "0.1.0";
  report.bytes_read = 45'000;
  report.start = *parse_iso8601("2026-11-22T16:20:05.000Z");
  report.end = *parse_iso8601("2026-11-22T16:20:07.500Z");
  report.processed_key = "DES_Manually_Processed_22-11-2026.csv";
  report.quarantine_key = "quarantine/0123456789abcdef0123456789abcdef.jsonl";
  Counters& c = report.counters;
  c.bytes = 45'000;
  c.lines = 1'000;
  c.blank = 9;
  c.header = 1;
  c.retry_queued = 200;
  c.processed = 600;
  c.not_active = 80;
  c.not_found = 107;
  c.quarantined_by_reason[static_cast<std::size_t>(Reason::nul)] = 1;
  c.quarantined_by_reason[static_cast<std::size_t>(Reason::status_range)] = 2;
  c.status_codes[103] = 787;
  c.status_codes[403] = 200;
  c.missing_fields = 4;
  c.duplicates = 5;
  c.throttles = 6;
  c.partial_failures = 7;
  c.api_calls = 108;
  report.bad_lines = {{45, 12, Reason::status_range, "status code 777", "777,0,<b>&\"'", false},
                      {990, 9, Reason::nul, "at byte 3 of the line", std::string("503\0,a\xff", 7), false},
                      {2000, 9000, Reason::line_too_long, "more than 4,096 bytes", std::string(4096, 'x'), true}};
  return report;
}

TEST(Report, SaysThatUuidsMayBeSpelledOtherwise) {
  Report report = sample();
  EXPECT_THAT(report_mail(report).text, testing::Not(testing::HasSubstr("UserKeyForm")));
  report.counters.other_spelling = 107;
  EXPECT_THAT(report_mail(report).text, testing::Not(testing::HasSubstr("UserKeyForm"))) << "most users were found";
  report.counters.not_found += 675;
  report.counters.processed = 5;
  report.counters.not_active = 0;
  report.counters.other_spelling = 12;
  EXPECT_THAT(report_mail(report).text,
              testing::HasSubstr("12 of 782 users that were not found are UUIDs that can be spelled otherwise"));
  EXPECT_THAT(report_mail(report).text, testing::HasSubstr("UserKeyForm"));
}

TEST(Report, HasTheFourTotals) {
  Report report = sample();
  EXPECT_EQ(report.total_processed(), 990u);
  EXPECT_EQ(report.total_retries(), 200u);
  EXPECT_EQ(report.total_successful(), 600u);
  EXPECT_EQ(report.total_not_processed(), 190u);
  EXPECT_EQ(report.total_processed(),
            report.total_retries() + report.total_successful() + report.total_not_processed());
  EXPECT_DOUBLE_EQ(report.seconds(), 2.5);
  EXPECT_DOUBLE_EQ(report.records_per_second(), 396);
}

TEST(Report, OfAnEmptyFileAddsUp) {
  Report report;
  EXPECT_TRUE(reconcile(report).ok());
  EXPECT_DOUBLE_EQ(report.records_per_second(), 0);
}

TEST(Report, ReconcilesOrSaysWhyNot) {
  struct {
    const char* name;
    void (*change)(Report&);
    const char* mismatch;
  } cases[] = {
      {"as it is", [](Report&) {}, ""},
      {"a record lost", [](Report& r) { --r.counters.processed; }, "999 of 1,000 lines are accounted for"},
      {"a record twice", [](Report& r) { ++r.counters.not_found; }, "1,001 of 1,000 lines are accounted for"},
      {"not all read", [](Report& r) { r.bytes_read = 44'000; }, "44,000 of 45,000 bytes were read as lines"},
      {"lines don't cover the file", [](Report& r) { r.counters.bytes = 44'999; },
       "44,999 of 45,000 bytes were read as lines"},
      {"compressed content has another size",
       [](Report& r) {
         r.compression = Compression::gzip;
         r.counters.bytes = 1'000'000;
       },
       ""},
      {"both",
       [](Report& r) {
         --r.counters.blank;
         r.bytes_read = 0;
       },
       "999 of 1,000 lines are accounted for; 0 of 45,000 bytes were read as lines"},
  };
  for (const auto& c : cases) {
    Report report = sample();
    c.change(report);
    Reconciliation check = reconcile(report);
    EXPECT_EQ(check.mismatch, c.mismatch) << c.name;
    EXPECT_EQ(check.ok(), check.mismatch.empty()) << c.name;
  }
}

TEST(Report, HasTheFieldsOthersRelyOn) {
  json::object object = report_json(sample());
  for (const char* field : {"runId", "batch", "status", "bytes", "lines", "blank", "header", "retryQueued", "processed",
                            "notActive", "notFound", "quarantined", "quarantinedByReason", "statusCodes",
                            "processedKey", "quarantineKey", "seconds", "recordsPerSecond", "reconciled"})
    EXPECT_TRUE(object.contains(field)) << field;
  EXPECT_EQ(object["batch"], "DES_Manually_Process_22-11-2026.csv");
  EXPECT_EQ(object["status"], "DONE");
  EXPECT_EQ(object["quarantined"], 3);
  EXPECT_EQ(json::serialize(object["quarantinedByReason"]), R"({"NUL":1,"STATUS_RANGE":2})");
  EXPECT_EQ(json::serialize(object["statusCodes"]), R"({"203":787,"503":200})");
  EXPECT_EQ(object["seconds"], 2.5);
  EXPECT_EQ(object["reconciled"], true);
  EXPECT_EQ(object["totalNotProcessed"], 190);
}

TEST(Report, IsReadBackFromItsJson) {
  Report report = sample();
  report.status = ReportStatus::partial;
  report.sentence = "shard 3 gave up";
  report.compression = Compression::zstd;
  report.shards = 16;
  report.resumes = 2;
  report.unprocessed = {{100, 200}, {300, 400}};
  std::string text = json::serialize(report_json(report));
  auto back = parse_report(*parse_json_object(text));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(json::serialize(report_json(*back)), text);
  EXPECT_EQ(back->counters, report.counters);
  EXPECT_EQ(back->bad_lines, report.bad_lines);
  EXPECT_EQ(back->unprocessed, report.unprocessed);
  EXPECT_EQ(back->object, report.object);
}

TEST(Report, ADamagedReportIsAnErrorThatNamesTheField) {
  Report report = sample();
  report.unprocessed = {{100, 200}};
  json::object good = report_json(report);
  for (const char* field : {"runId", "batch", "status", "bytes", "lines", "quarantinedByReason", "statusCodes", "start",
                            "badLines", "unprocessed", "compression", "apiCalls", "version"}) {
    for (json::value wrong :
         {json::value(nullptr), json::value(-1), json::value{json::array{1}}, json::value{{"x", "y"}}}) {
      json::object object = good;
      object[field] = wrong;
      auto back = parse_report(object);
      ASSERT_FALSE(back) << field << " = " << json::serialize(wrong);
      EXPECT_THAT(back.error().message, HasSubstr(field));
      EXPECT_EQ(back.error().kind, ErrorKind::corrupt);
    }
  }
}

TEST(Report, SubjectSaysTheWorst) {
  Report report = sample();
  EXPECT_EQ(report_subject(report),
            "[ADS] DONE WITH QUARANTINE DES_Manually_Process_22-11-2026.csv: 990 records, 3 quarantined");
  --report.counters.processed;
  EXPECT_EQ(report_subject(report),
            "[ADS] MISMATCH DES_Manually_Process_22-11-2026.csv: 990 records, 3 quarantined: 999 of 1,000 lines are "
            "accounted for");
  report.status = ReportStatus::partial;
  EXPECT_THAT(report_subject(report), HasSubstr("[ADS] PARTIAL DES"));
  report.object.key = "DES\r\nBcc: everybody@example.com" + std::string(300, 'x');
  EXPECT_THAT(report_subject(report), Not(HasSubstr("\n")));
  EXPECT_LE(report_subject(report).size(), 200u);
}

TEST(Report, MailEscapesWhatFilesContain) {
  Report report = sample();
  std::string html = report_html(report), text = report_text(report);
  EXPECT_THAT(html, HasSubstr("777,0,&lt;b&gt;&amp;&quot;&#39;"));
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
  EXPECT_THAT(html, Not(HasSubstr(std::string(1, '\0'))));
  EXPECT_THAT(html, HasSubstr("503\\u0000,a\xef\xbf\xbd"));
  EXPECT_THAT(html, Not(HasSubstr(std::string(300, 'x')))) << "a long line is shortened";
  EXPECT_THAT(text, HasSubstr("777,0,<b>&\"'"));
  EXPECT_THAT(text, Not(HasSubstr(std::string(1, '\0'))));
  for (const std::string& mail : {html, text}) {
    for (const char* part : {"Total Processed", "Total Retries", "Total Successful", "Total Not Processed", "1,000",
                             "STATUS_RANGE", "DES_Manually_Processed_22-11-2026.csv",
                             "0123456789abcdef0123456789abcdef", "2.500 s", "0.109", "Every line is accounted for"})
      EXPECT_THAT(mail, HasSubstr(part));
  }
  if (const char* path = std::getenv("ADS_WRITE_REPORT")) std::ofstream(path) << html;  // to be looked at
}

TEST(Report, MailSaysAMismatchAndWhatWasNotProcessed) {
  Report report = sample();
  --report.counters.processed;
  EXPECT_THAT(report_html(report), HasSubstr("MISMATCH"));
  EXPECT_THAT(report_text(report), HasSubstr("MISMATCH. 999 of 1,000 lines are accounted for."));
  report.status = ReportStatus::partial;
  report.sentence = "Shard 3 failed 5 times";
  report.unprocessed = {{1'000, 2'000}};
  EXPECT_THAT(report_text(report), HasSubstr("PARTIAL. Shard 3 failed 5 times.\n"));
  EXPECT_THAT(report_text(report), HasSubstr("1,000 to 2,000"));
  EXPECT_THAT(report_html(report), HasSubstr("1,000 to 2,000"));
}

// Another reason explains what is missing: MISMATCH beside it would be noise.
TEST(Report, AMismatchIsSaidOfDoneAlone) {
  Report report = sample();
  --report.counters.processed;
  report.bytes_read = 0;
  for (ReportStatus status : {ReportStatus::failed, ReportStatus::partial, ReportStatus::refused}) {
    report.status = status;
    report.sentence = "This is a PDF document: export the records as CSV.";
    Mail mail = report_mail(report);
    for (const std::string& text : {mail.subject, mail.html, mail.text}) {
      EXPECT_THAT(text, Not(HasSubstr("MISMATCH")));
      EXPECT_THAT(text, Not(HasSubstr("of 1,000 lines are")));
    }
    EXPECT_THAT(mail.text, HasSubstr(report.sentence));
  }
}

TEST(Report, OfAFileThatIsNoBatchFileSaysThatNothingWasSent) {
  Report report;
  report.status = ReportStatus::failed;
  report.object.size = 300;
  report.sentence = "This is an Excel workbook: save it as CSV.";
  report.unprocessed = {{0, 300}};
  EXPECT_EQ(report_subject(report), "[ADS] FAILED : 0 records");
  EXPECT_THAT(report_text(report), HasSubstr("FAILED. This is an Excel workbook: save it as CSV. Nothing was sent, and "
                                             "the file keeps its name."));
  EXPECT_THAT(report_text(report), Not(HasSubstr("NOT PROCESSED")));
  report.counters.lines = report.counters.processed = 5;
  EXPECT_THAT(report_text(report), Not(HasSubstr("Nothing was sent")));
  EXPECT_THAT(report_text(report), HasSubstr("NOT PROCESSED"));
}

TEST(Report, OfAFileWithoutRecordsSaysSo) {
  EXPECT_THAT(report_text(Report{}), HasSubstr("Done. The file has no records"));
}

TEST(Report, ShowsWhereBadLinesAreAndHowToCorrectThem) {
  Report report = sample();
  report.bad_lines[0].number = 3;
  report.bad_lines[1].number = 1'234;
  for (const std::string& mail : {report_text(report), report_html(report)}) {
    EXPECT_THAT(mail, HasSubstr("s3://files/quarantine/0123456789abcdef0123456789abcdef.jsonl"));
    EXPECT_THAT(mail, HasSubstr("ads quarantine 0123456789abcdef0123456789abcdef --csv"));
    EXPECT_THAT(mail, HasSubstr("1,234"));
  }
  EXPECT_THAT(report_text(report), HasSubstr("line 3, byte 45: STATUS_RANGE"));
  EXPECT_THAT(report_text(report), HasSubstr("line ?, byte 2,000: LINE_TOO_LONG")) << "not known";
}

TEST(Report, TimesAreThoseOfTheStackAndUtc) {
  Report report = sample();
  EXPECT_THAT(report_text(report), HasSubstr("  2026-11-22T16:20:05Z\n"));
  report.time_zone = *parse_time_zone("Europe/Rome");
  EXPECT_THAT(report_text(report), HasSubstr("  2026-11-22 17:20:05 Europe/Rome (2026-11-22T16:20:05Z)\n"));
  EXPECT_THAT(refusal_mail({RefusalReason::bad_name, "x"}, "b", "k", report.start, report.time_zone).text,
              HasSubstr("2026-11-22 17:20:05 Europe/Rome (2026-11-22T16:20:05Z)"));
  auto back = parse_report(report_json(report));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->time_zone.name(), "Europe/Rome");
}

TEST(Report, SaysWhetherACompressedFileWasVerified) {
  Report report = sample();
  EXPECT_THAT(report_text(report), Not(HasSubstr("Verified")));
  report.compression = Compression::gzip;
  report.inspection = Inspection::verified;
  EXPECT_THAT(report_text(report), HasSubstr("decompressed to its end before the first record"));
  report.inspection = Inspection::unverified;
  EXPECT_THAT(report_text(report), HasSubstr("no: it is larger than VerifyBytes"));
  EXPECT_EQ(parse_report(report_json(report))->inspection, Inspection::unverified);
}

// Of a compressed file nobody knows where its content ends.
TEST(Report, WhatWasNotProcessedMayHaveNoEnd) {
  Report report = sample();
  report.status = ReportStatus::failed;
  report.unprocessed = {{100, kToEnd}};
  EXPECT_THAT(report_text(report), HasSubstr("100 to the end of the content"));
  json::object object = report_json(report);
  EXPECT_EQ(json::serialize(object["unprocessed"]), R"([{"begin":100,"end":null}])");
  EXPECT_EQ(parse_report(object)->unprocessed, report.unprocessed);
}

TEST(Refusal, IsMailed) {
  Mail mail = refusal_mail({RefusalReason::wrong_day, "It is for yesterday."}, "files", "DES_<x>\n",
                           *parse_iso8601("2026-11-22T16:20:05Z"));
  EXPECT_EQ(mail.subject, "[ADS] REFUSED DES_<x>\\u000a");
  EXPECT_THAT(mail.html,
              testing::AllOf(HasSubstr("It is for yesterday."), HasSubstr("DES_&lt;x&gt;"), HasSubstr("WRONG_DAY")));
  EXPECT_THAT(mail.text, testing::AllOf(HasSubstr("It is for yesterday."), HasSubstr("2026-11-22T16:20:05Z")));
}

// A key may turn the rest of its line around, or look like another one.
TEST(Mail, ShowsWhatCannotBeSeen) {
  const struct {
    std::string text, shown;
  } cases[] = {
      {"Zo\u00eb \u540d\u524d \U0001f642 C:\\new", "Zo\u00eb \u540d\u524d \U0001f642 C:\\new"},
      {"DES_\u202e01-12-2026.csv", "DES_\\u202e01-12-2026.csv"},
      {"DES.csv\u200b", "DES.csv\\u200b"},
      {"DES.csv\u00a0", "DES.csv\\u00a0"},
      {"\ufeffDES\u2066\u2069\u2028", "\\ufeffDES\\u2066\\u2069\\u2028"},
      {"\x1b[31m\u009b\x7f", "\\u001b[31m\\u009b\\u007f"},
      {"us\xe4r", "us\xef\xbf\xbdr"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(plain_line(c.text), c.shown);
    EXPECT_EQ(header_line(c.text), c.shown);
    EXPECT_EQ(escape_html(c.text), c.shown);
    Mail mail = refusal_mail({RefusalReason::bad_name, "x"}, "b", c.text, *parse_iso8601("2026-11-22T16:20:05Z"));
    for (const std::string& part : {mail.subject, mail.html, mail.text}) EXPECT_THAT(part, HasSubstr(c.shown));
  }
  EXPECT_EQ(plain_line("a\n\tb"), "a\\u000a\\u0009b");
  EXPECT_EQ(escape_html("a\n\tb"), "a\n\tb");
}

TEST(Mail, NumbersForPeople) {
  EXPECT_EQ(with_thousands(0), "0");
  EXPECT_EQ(with_thousands(999), "999");
  EXPECT_EQ(with_thousands(1000), "1,000");
  EXPECT_EQ(with_thousands(1234567), "1,234,567");
  EXPECT_EQ(with_thousands(18446744073709551615u), "18,446,744,073,709,551,615");
}

}  // namespace
}  // namespace ads::batch
