// The pure decisions of the function: pace, delivery plan, settings, metrics.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "function/delivery_plan.h"
#include "function/metrics.h"
#include "function/pace.h"
#include "function/settings.h"

namespace ads::function {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Positions = std::vector<std::size_t>;

TEST(Pace, DelaysDoubleUpToFiveSecondsTimesChance) {
  struct Case {
    int attempt;
    double random;
    milliseconds delay;
  };
  for (auto [attempt, random, delay] : std::vector<Case>{
           {0, 0.5, 25ms}, {1, 0.5, 50ms}, {4, 0.5, 400ms}, {7, 0.5, 2500ms}, {50, 0.5, 2500ms}, {50, 0.0, 0ms}})
    EXPECT_EQ(jittered_delay(attempt, random), delay) << attempt;
}

TEST(Pace, ATokenBucketLetsItsRatePass) {
  SystemTime now{1000s};
  TokenBucket bucket(100);
  EXPECT_EQ(bucket.take(100, now), 0ms);
  milliseconds wait = bucket.take(10, now);
  EXPECT_GE(wait, 100ms);
  EXPECT_LE(wait, 101ms);
  EXPECT_EQ(bucket.take(10, now + 1s), 0ms);
  milliseconds waited{0};
  SystemTime time = now + 10s;
  TokenBucket second(50);
  for (int i = 0; i < 100; ++i) {
    auto one = second.take(10, time);
    time += one;
    waited += one;
  }
  EXPECT_GE(waited, 18900ms);  // 1,000 units at 50 per second, the first 50 at once
  EXPECT_LE(waited, 19200ms);
}

TEST(Pace, RateZeroLetsEverythingPass) {
  TokenBucket bucket(0);
  EXPECT_EQ(bucket.take(1'000'000, SystemTime{}), 0ms);
}

TEST(Pace, TwentySecondsAreKeptOrAQuarterOfAShortTimeout) {
  SystemTime now{1000s};
  EXPECT_EQ(time_budget(now, now + 900s).last_start, now + 880s);
  EXPECT_EQ(time_budget(now, now + 900s).give_up, now + 890s);
  EXPECT_EQ(time_budget(now, now + 40s).last_start, now + 30s);
  EXPECT_LE(time_budget(now, now - 1s).last_start, now);
}

std::vector<Parcel> parcels(std::vector<std::string_view> users, std::size_t size = 100) {
  std::vector<Parcel> out;
  for (auto user : users) out.push_back({user, user, size});
  return out;
}

TEST(DeliveryPlan, FillsCallsInOrder) {
  auto list = parcels({"a", "b", "c", "d", "e"});
  auto plan = plan_delivery(list, {2, 1000});
  ASSERT_EQ(plan.calls.size(), 3u);
  EXPECT_THAT(plan.calls[0].positions, ElementsAre(0, 1));
  EXPECT_THAT(plan.calls[2].positions, ElementsAre(4));
  for (auto& call : plan.calls) EXPECT_EQ(call.waits_for, 0u);
}

TEST(DeliveryPlan, CountsBytes) {
  auto list = parcels({"a", "b", "c"}, 60);
  EXPECT_EQ(plan_delivery(list, {10, 120}).calls.size(), 2u);
  EXPECT_EQ(plan_delivery(list, {10, 119}).calls.size(), 3u);
}

TEST(DeliveryPlan, NoUserTwiceInACallAndTheLaterOneWaits) {
  auto list = parcels({"a", "a", "b", "a"});
  auto plan = plan_delivery(list, {10, 1000});
  ASSERT_EQ(plan.calls.size(), 3u);
  EXPECT_THAT(plan.calls[1].positions, ElementsAre(1, 2));
  EXPECT_THAT(plan.calls[0].followed_by, ElementsAre(1));
  EXPECT_THAT(plan.calls[1].followed_by, ElementsAre(2));
  EXPECT_EQ(plan.calls[1].waits_for, 1u);
  EXPECT_EQ(plan.calls[2].waits_for, 1u);
}

TEST(DeliveryPlan, ACallWaitsOnceForEachOther) {
  auto list = parcels({"a", "b", "a", "b", "c", "d"});
  auto plan = plan_delivery(list, {4, 1000});
  ASSERT_EQ(plan.calls.size(), 2u);
  EXPECT_THAT(plan.calls[0].positions, ElementsAre(0, 1));
  EXPECT_THAT(plan.calls[1].positions, ElementsAre(2, 3, 4, 5));
  EXPECT_EQ(plan.calls[1].waits_for, 1u);
}

TEST(DeliveryPlan, WhatNoCallTakesIsOversize) {
  std::vector<Parcel> list{{"a", "1", 50}, {"b", "2", 5000}, {"c", "3", 50}};
  auto plan = plan_delivery(list, {10, 1000});
  EXPECT_THAT(plan.oversize, ElementsAre(1));
  ASSERT_EQ(plan.calls.size(), 1u);
  EXPECT_THAT(plan.calls[0].positions, ElementsAre(0, 2));
  EXPECT_THAT(plan_delivery({}, {10, 1000}).calls, IsEmpty());
}

batch::GetVariable variables(std::map<std::string, std::string> values) {
  return [values = std::move(values)](std::string_view name) -> std::optional<std::string> {
    auto found = values.find(std::string(name));
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

const std::map<std::string, std::string> kComplete{{"USERS_TABLE", "users"},
                                                   {"RUNS_TABLE", "runs"},
                                                   {"TOPIC_ARN", "arn:aws:sns:eu-central-1:000000000000:topic"},
                                                   {"RETRY_QUEUE_URL", "http://127.0.0.1:4566/0/retry.fifo"},
                                                   {"MAIL_FROM", "ads@example.com"},
                                                   {"MAIL_TO", "a@example.com, b@example.com,"}};

TEST(Settings, AreReadFromTheEnvironment) {
  auto settings = parse_settings(Role::dispatch, variables(kComplete));
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->runs_table, "runs");
  EXPECT_THAT(settings->mail_to, ElementsAre("a@example.com", "b@example.com"));
  EXPECT_EQ(settings->calls_in_flight, 16u);
}

TEST(Settings, WhatIsMissingOrWrongIsNamed) {
  struct Case {
    const char *variable, *value, *code;
  };
  for (auto [variable, value, code] : std::vector<Case>{{"USERS_TABLE", "", "MissingParameter"},
                                                        {"RETRY_QUEUE_URL", "", "MissingParameter"},
                                                        {"CALLS_IN_FLIGHT", "0", "InvalidParameter"},
                                                        {"CALLS_IN_FLIGHT", "many", "InvalidParameter"},
                                                        {"RANGE_BYTES", "1", "InvalidParameter"},
                                                        {"MULTIPART_COPY_BYTES", "6000000000", "InvalidParameter"},
                                                        {"MAX_BAD_PERCENT", "101", "InvalidParameter"}}) {
    auto values = kComplete;
    values[variable] = value;
    auto settings = parse_settings(Role::dispatch, variables(values));
    ASSERT_FALSE(settings) << variable;
    EXPECT_EQ(settings.error().code, code) << variable;
    EXPECT_THAT(settings.error().message, HasSubstr(variable));
  }
  auto values = kComplete;
  values.erase("RETRY_QUEUE_URL");
  EXPECT_TRUE(parse_settings(Role::retry, variables(values)));
}

TEST(Settings, ASlowPublishRateMakesChunksThatEndInTime) {
  for (auto [rate, lines] : {std::pair{"0", 1000u}, {"1", 15u}, {"20", 300u}, {"1000000", 1000u}}) {
    auto values = kComplete;
    values["PUBLISH_RATE"] = rate;
    auto settings = parse_settings(Role::dispatch, variables(values));
    ASSERT_TRUE(settings) << rate;
    EXPECT_EQ(settings->chunk_lines, lines) << rate;
  }
}

TEST(Settings, AnUnknownHandlerNamesTheKnown) {
  EXPECT_EQ(*parse_role("dispatch"), Role::dispatch);
  EXPECT_EQ(*parse_role("retry"), Role::retry);
  auto unknown = parse_role("index.handler");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("'dispatch' or 'retry'"));
}

TEST(Metrics, AreEmbeddedMetricFormat) {
  auto line = metrics_line(SystemTime{1ms}, "dispatch", {{"Records", "Count", 5}, {"RunSeconds", "Seconds", 0.25}},
                           {{"runId", "r"}});
  EXPECT_EQ(line,
            R"({"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"ADS","Dimensions":[["Role"]],"Metrics":[)"
            R"({"Name":"Records","Unit":"Count"},{"Name":"RunSeconds","Unit":"Seconds"}]}]},"Role":"dispatch",)"
            R"("Records":5,"RunSeconds":2.5E-1,"runId":"r"})");
}

}  // namespace
}  // namespace ads::function
