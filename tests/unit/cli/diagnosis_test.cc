#include "cli/diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ads::cli {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

void expect(const Finding& finding, Level level, const char* words) {
  EXPECT_EQ(finding.level, level) << finding.message;
  EXPECT_THAT(finding.message, HasSubstr(words));
  // Whatever is not well says what to do.
  EXPECT_EQ(finding.advice.empty(), level == Level::ok) << finding.message;
}

TEST(Diagnosis, Identity) {
  expect(judge_identity("arn:aws:iam::123456789012:user/ann", "123456789012"), Level::ok, "account 123456789012");
  expect(judge_identity("arn:aws:iam::123456789012:root", "123456789012"), Level::warning, "root user");
  expect(judge_identity("arn:aws:iam::000000000000:root", "000000000000"), Level::ok, "000000000000");
}

TEST(Diagnosis, Clock) {
  expect(judge_clock(900ms), Level::ok, "agrees");
  expect(judge_clock(-40s), Level::warning, "40 s ahead of");
  expect(judge_clock(40s), Level::warning, "40 s behind");
  expect(judge_clock(1h), Level::problem, "60 min 0 s behind");
  expect(judge_clock(-5min), Level::problem, "ahead of");
}

TEST(Diagnosis, Concurrency) {
  expect(judge_concurrency({1000, 900}, 10), Level::ok, "up to 1000");
  expect(judge_concurrency({10, 10}, 0), Level::warning, "a new account's limit");
  expect(judge_concurrency({10, 10}, 20), Level::problem, "ask for 20");
  expect(judge_concurrency({1000, 100}, 10), Level::warning, "nothing more can be reserved");
}

TEST(Diagnosis, PublishRate) {
  expect(judge_publish_rate({500, 300.0, "eu-central-1"}), Level::problem,
         "SNS takes 300/s in eu-central-1 (this account's");
  expect(judge_publish_rate({300, 300.0, "eu-central-1"}), Level::ok, "at most 300/s");
  expect(judge_publish_rate({0, 300.0, "eu-central-1"}), Level::ok, "PublishRate 0");
  expect(judge_publish_rate({9500, std::nullopt, "eu-west-1"}), Level::problem, "9000/s in eu-west-1 (the default");
  expect(judge_publish_rate({9500, std::nullopt, "us-east-1"}), Level::ok, "30000/s");
  expect(judge_publish_rate({100, std::nullopt, "mars-1"}), Level::warning, "not known here");
}

TEST(Diagnosis, MailAddresses) {
  EXPECT_THAT(split_addresses(" a@x.org, b@y.org ,,c@z.org"), ElementsAre("a@x.org", "b@y.org", "c@z.org"));
  EXPECT_THAT(split_addresses(""), ElementsAre());
  EXPECT_THAT(covering_identities("ops@mail.example.co.uk"),
              ElementsAre("ops@mail.example.co.uk", "mail.example.co.uk", "example.co.uk", "co.uk"));
  EXPECT_THAT(covering_identities("nonsense"), ElementsAre("nonsense"));
}

TEST(Diagnosis, Mail) {
  aws::sesv2::SesAccount good{true, true, "HEALTHY", 50000, 14, 3}, sandbox{false, true, "HEALTHY", 200, 1, 0};
  expect(judge_mail_account(good), Level::ok, "3 of 50000 mails");
  expect(judge_mail_account(sandbox), Level::warning, "sandbox");
  expect(judge_mail_account({true, false, "HEALTHY", 200, 1, 0}), Level::problem, "does not let");
  expect(judge_mail_account({true, true, "SHUTDOWN", 200, 1, 0}), Level::problem, "does not let");
  expect(judge_mail_account({true, true, "PROBATION", 200, 1, 0}), Level::warning, "under review");
  expect(judge_mail_account({true, true, "HEALTHY", 200, 1, 200}), Level::problem, "200 of 200");
  expect(judge_sender("", Verified::no), Level::warning, "ReportFrom is empty");
  expect(judge_sender("a@x", Verified::yes), Level::ok, "a@x is verified");
  expect(judge_sender("a@x", Verified::pending), Level::problem, "not verified yet");
  expect(judge_sender("a@x", Verified::no), Level::problem, "not verified:");
  expect(judge_recipient("b@x", Verified::no, good), Level::ok, "outside the sandbox");
  expect(judge_recipient("b@x", Verified::no, sandbox), Level::problem, "it will get no report");
  expect(judge_recipient("b@x", Verified::pending, sandbox), Level::problem, "not verified");
  expect(judge_recipient("b@x", Verified::yes, sandbox), Level::ok, "verified");
  expect(judge_recipient("success@simulator.amazonses.com", Verified::no, sandbox), Level::ok, "verified");
}

TEST(Diagnosis, Stack) {
  auto stack = [](const char* status) {
    aws::cloudformation::Stack out;
    out.name = "ads";
    out.status = status;
    return out;
  };
  expect(judge_stack(stack("CREATE_COMPLETE")), Level::ok, "ads is CREATE_COMPLETE");
  expect(judge_stack(stack("UPDATE_ROLLBACK_COMPLETE")), Level::warning, "before the last update");
  expect(judge_stack(stack("UPDATE_IN_PROGRESS")), Level::warning, "somebody is at work");
  expect(judge_stack(stack("REVIEW_IN_PROGRESS")), Level::warning, "a name only");
  expect(judge_stack(stack("ROLLBACK_COMPLETE")), Level::problem, "ROLLBACK_COMPLETE");
  expect(judge_stack(stack("UPDATE_ROLLBACK_FAILED")), Level::problem, "UPDATE_ROLLBACK_FAILED");
}

TEST(Diagnosis, Template) {
  std::string text =
      "Parameters:\n  A:\n    Type: Number\n    MaxValue: 5\n    Default: 1\n  B:\n    Type: String\n    Default: ''\n"
      "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n";
  auto ours = *parse_template(text, "t");
  expect(judge_template(ours, text, {{"A", "1"}, {"B", ""}}), Level::ok, "of this version");
  expect(judge_template(ours, "other", {{"A", "1"}, {"C", "x"}}), Level::warning,
         "new parameters: B; parameters that went: C");
  expect(judge_template(ours, text, {{"A", "9"}, {"B", ""}}), Level::problem, "A: 9 is above 5");
}

TEST(Diagnosis, WorkLeftUndone) {
  expect(judge_dead_letters({"Dlq", "http://q", 0}), Level::ok, "Dlq is empty");
  expect(judge_dead_letters({"Dlq", "http://q", 1}), Level::problem, "holds 1 message:");
  EXPECT_THAT(judge_dead_letters({"ShardDeadLetterQueue", "http://q", 2}).advice, HasSubstr("dlq list --queue shards"));
  EXPECT_THAT(judge_dead_letters({"Dlq", "http://q", 2}).advice, HasSubstr("--queue-url http://q"));
  auto now = *parse_iso8601("2026-11-22T12:00:00Z");
  expect(judge_runs({}, now), Level::ok, "none yet");
  expect(judge_runs({{"r1", "k", "DONE", "", now - 3h, true}, {"r2", "k", "RUNNING", "", now - 30min, false}}, now),
         Level::ok, "none of the last 2");
  expect(judge_runs({{"r1", "k", "FAILED", "no table", now - 3h, true}}, now), Level::warning, "r1 (k) no table");
  expect(judge_runs({{"r1", "k", "FAILED", "canceled", now - 3h, true, true}}, now), Level::ok, "none of the last 1");
  expect(judge_runs({{"r1", "k", "RUNNING", "", now - 2h, false}}, now), Level::problem, "r1 (k) is RUNNING since");
}

TEST(Diagnosis, Functions) {
  auto now = *parse_iso8601("2026-11-22T12:00:00Z");
  expect(judge_function({"f", "F", "Active", "", {}}), Level::ok, "no errors");
  expect(judge_function({"f", "F", "Failed", "bad code", {}}), Level::problem, "bad code");
  expect(judge_function({"f", "F", "Active", "", {{now, R"({"level":"error","message":"no table"})"}}}), Level::warning,
         "1 error in the last day, the last one 2026-11-22T12:00:00Z: no table");
  for (const char* line : {R"({"level":"error","message":"x"})", "2026-11-22 1f Task timed out after 3.00 seconds",
                           "RequestId: 1 Error: Runtime exited with error: exit status 1"})
    EXPECT_TRUE(is_error_line(line)) << line;
  for (const char* line : {R"({"level":"info","message":"no error"})", "START RequestId: 1", ""})
    EXPECT_FALSE(is_error_line(line)) << line;
}

TEST(Diagnosis, WhatCannotBeSeenIsSaid) {
  expect(unseen("mail", {ErrorKind::denied, "AccessDenied", "not allowed"}), Level::warning,
         "not allowed (AccessDenied)");
  EXPECT_THAT(unseen("mail", {ErrorKind::denied, "AccessDenied", "no"}).advice, HasSubstr("permission"));
}

}  // namespace
}  // namespace ads::cli
