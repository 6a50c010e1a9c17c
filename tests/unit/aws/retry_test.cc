#include "aws/retry.h"

#include <gmock/gmock.h>

namespace ads::aws {
namespace {

using std::chrono::milliseconds;
using testing::Eq;
using testing::Optional;

TEST(Judging, status_and_code) {
  struct Case {
    int status;
    const char* code;
    Verdict verdict;
  };
  const Case cases[] = {
      {200, "", Verdict::success},
      {400, "ValidationException", Verdict::refused},
      {400, "ThrottlingException", Verdict::throttled},
      {400, "ProvisionedThroughputExceededException", Verdict::throttled},
      {403, "RequestThrottled", Verdict::throttled},
      {429, "Anything", Verdict::throttled},
      {503, "SlowDown", Verdict::throttled},
      {503, "ServiceUnavailable", Verdict::transient},
      {500, "InternalError", Verdict::transient},
      {502, "HTTP 502", Verdict::transient},
      {504, "HTTP 504", Verdict::transient},
      {501, "NotImplemented", Verdict::refused},
      {400, "RequestTimeout", Verdict::transient},
      {404, "NoSuchKey", Verdict::refused},
      {412, "PreconditionFailed", Verdict::refused},
      {409, "ConditionalRequestConflict", Verdict::refused},
      {400, "TransactionInProgressException", Verdict::throttled},
  };
  for (auto& [status, code, verdict] : cases) EXPECT_EQ(judge(status, code), verdict) << status << " " << code;
}

TEST(Judging, failed_connections) {
  auto verdict = [](const char* code) { return judge(Error{ErrorKind::unavailable, code, ""}); };
  EXPECT_EQ(verdict("Timeout"), Verdict::timed_out);
  EXPECT_EQ(verdict("ConnectionLost"), Verdict::transient);
  EXPECT_EQ(verdict("ConnectFailed"), Verdict::transient);
  EXPECT_EQ(verdict("TlsFailed"), Verdict::refused);
  EXPECT_EQ(verdict("ResponseTooLarge"), Verdict::refused);
}

TEST(Schedule, full_jitter_doubles_up_to_the_cap) {
  RetryRules rules{.max_attempts = 20};
  RetryBudget budget;
  RetrySchedule schedule(rules, budget);
  std::vector<std::int64_t> waits;
  for (int i = 0; i < 12; ++i) waits.push_back(schedule.next(Verdict::transient, 1.0, {})->count());
  EXPECT_THAT(waits, testing::ElementsAre(50, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 20000, 20000, 20000));
  RetrySchedule throttled(rules, budget);
  EXPECT_THAT(throttled.next(Verdict::throttled, 0.5, {}), Optional(milliseconds(500)));
  EXPECT_THAT(throttled.next(Verdict::throttled, 0.0, {}), Optional(milliseconds(0)));
  EXPECT_THAT(throttled.next(Verdict::transient, 0.5, {}), Optional(milliseconds(100)));
}

TEST(Schedule, ends_after_the_last_attempt_and_at_refusals) {
  RetryRules rules;
  RetryBudget budget;
  RetrySchedule schedule(rules, budget);
  EXPECT_TRUE(schedule.next(Verdict::transient, 0, {}));
  EXPECT_TRUE(schedule.next(Verdict::timed_out, 0, {}));
  EXPECT_FALSE(schedule.next(Verdict::transient, 0, {}));
  EXPECT_EQ(schedule.attempts(), 3);
  RetrySchedule refused(rules, budget);
  EXPECT_FALSE(refused.next(Verdict::refused, 0, {}));
  EXPECT_EQ(budget.available(), 500 - 5 - 10);
}

TEST(Schedule, waits_as_asked_but_five_seconds_longer_at_most) {
  RetryRules rules;
  RetryBudget budget;
  auto wait = [&](milliseconds asked_for) {
    return RetrySchedule(rules, budget).next(Verdict::throttled, 0.5, asked_for)->count();
  };
  EXPECT_EQ(wait(milliseconds(100)), 500);
  EXPECT_EQ(wait(milliseconds(2000)), 2000);
  EXPECT_EQ(wait(milliseconds(60'000)), 5500);
}

TEST(Budget, runs_dry_and_fills_with_successes) {
  RetryRules rules{.max_attempts = 1000};
  RetryBudget budget;
  RetrySchedule down(rules, budget);
  int retries = 0;
  while (down.next(Verdict::transient, 0, {})) ++retries;
  EXPECT_EQ(retries, 100);
  EXPECT_EQ(budget.available(), 0);
  RetrySchedule first(rules, budget);
  EXPECT_FALSE(first.next(Verdict::success, 0, {}));
  EXPECT_EQ(budget.available(), 1);
  for (int i = 0; i < 4; ++i) RetrySchedule(rules, budget).next(Verdict::success, 0, {});
  RetrySchedule again(rules, budget);
  EXPECT_TRUE(again.next(Verdict::throttled, 0, {}));
  EXPECT_EQ(budget.available(), 0);
  EXPECT_FALSE(again.next(Verdict::success, 0, {}));
  EXPECT_EQ(budget.available(), 5);  // what the retry took
  for (int i = 0; i < 1000; ++i) RetrySchedule(rules, budget).next(Verdict::success, 0, {});
  EXPECT_EQ(budget.available(), 500);
}

TEST(RetryAfter, headers) {
  EXPECT_THAT(retry_after({{"x-amz-retry-after", "1500"}, {"Retry-After", "9"}}), Optional(milliseconds(1500)));
  EXPECT_THAT(retry_after({{"Retry-After", "2"}}), Optional(milliseconds(2000)));
  EXPECT_THAT(retry_after({{"Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"}}), Eq(std::nullopt));
  EXPECT_THAT(retry_after({{"x-amz-retry-after", "-1"}}), Eq(std::nullopt));
  EXPECT_THAT(retry_after({}), Eq(std::nullopt));
}

}  // namespace
}  // namespace ads::aws
