// The pure decisions of the function: pace, settings, metrics.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "function/flow.h"
#include "function/metrics.h"
#include "function/pace.h"
#include "function/settings.h"
#include "unit/function/fixture.h"

namespace ads::function {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

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
  PublishPace bucket(100);
  EXPECT_EQ(bucket.take(100, now), 0ms);
  milliseconds wait = bucket.take(10, now);
  EXPECT_GE(wait, 100ms);
  EXPECT_LE(wait, 101ms);
  EXPECT_EQ(bucket.take(10, now + 1s), 0ms);
  milliseconds waited{0};
  SystemTime time = now + 10s;
  PublishPace second(50);
  for (int i = 0; i < 100; ++i) {
    auto one = second.take(10, time);
    time += one;
    waited += one;
  }
  EXPECT_GE(waited, 18900ms);  // 1,000 units at 50 per second, the first 50 at once
  EXPECT_LE(waited, 19200ms);
}

TEST(Pace, RateZeroLetsEverythingPass) {
  PublishPace bucket(0);
  EXPECT_EQ(bucket.take(1'000'000, SystemTime{}), 0ms);
}

TEST(Pace, WhatIsThrottledIsHalvedAtMostOnceASecondAndComesBackStepByStep) {
  SystemTime now{1000s};
  PublishPace pace(1000);
  pace.throttled(now);
  pace.throttled(now + 100ms);  // the same burst
  EXPECT_EQ(pace.rate(), 500);
  pace.throttled(now + 1s);
  EXPECT_EQ(pace.rate(), 250);
  for (int i = 0; i < 25; ++i) pace.acknowledged(10, now + 2s);  // a second's worth
  EXPECT_NEAR(pace.rate(), 275, 2);                              // 5 percent of what was too fast
  for (int i = 0; i < 100'000; ++i) pace.acknowledged(10, now + 3s);
  EXPECT_EQ(pace.rate(), 1000) << "never above the ceiling";
}

TEST(Pace, WithoutACeilingTheRateThatWasTooFastIsMeasured) {
  SystemTime now{1000s};
  PublishPace pace(0);
  for (int i = 0; i < 400; ++i) pace.acknowledged(10, now + i * 1ms);
  EXPECT_EQ(pace.take(1'000'000, now), 0ms);
  pace.throttled(now + 1s);
  EXPECT_EQ(pace.rate(), 2000);
  EXPECT_GT(pace.take(10, now + 1s), 0ms);
  for (int i = 0; i < 100; ++i) pace.throttled(now + i * 2s);
  EXPECT_EQ(pace.rate(), 10) << "it never stands still";
}

TEST(Pace, ACallsTimeIsTheSlowestOfLate) {
  CallTime time;
  EXPECT_FALSE(time.expected());
  time.took(4s);
  EXPECT_EQ(time.expected(), 4s);
  for (int i = 0; i < 40; ++i) time.took(25ms);
  EXPECT_LT(*time.expected(), 60ms);
}

TEST(Pace, TwentySecondsAreKeptOrAQuarterOfAShortTimeout) {
  SystemTime now{1000s};
  EXPECT_EQ(time_budget(now, now + 900s).last_start, now + 880s);
  EXPECT_EQ(time_budget(now, now + 900s).give_up, now + 890s);
  EXPECT_EQ(time_budget(now, now + 40s).last_start, now + 30s);
  EXPECT_LE(time_budget(now, now - 1s).last_start, now);
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
                                                   {"SHARD_QUEUE_URL", "http://127.0.0.1:4566/0/shards"},
                                                   {"BATCH_BUCKET", "batches"},
                                                   {"MAIL_FROM", "ads@example.com"},
                                                   {"MAIL_TO", "a@example.com, b@example.com,"}};

TEST(Settings, AreReadFromTheEnvironment) {
  auto settings = parse_settings(Role::dispatch, variables(kComplete));
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->runs_table, "runs");
  EXPECT_THAT(settings->mail_to, ElementsAre("a@example.com", "b@example.com"));
  EXPECT_EQ(settings->chunk_growth, batch::kMostChunkGrowth);
  EXPECT_EQ(settings->calls_in_flight, 80u);
}

TEST(Settings, AFunctionWithLittleMemoryHasSmallerChunks) {
  auto values = kComplete;
  values["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = "128";
  auto settings = parse_settings(Role::worker, variables(values));
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->chunk_growth, 8u);
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
}

TEST(Settings, EachRoleNeedsItsOwn) {
  struct Case {
    Role role;
    const char* variable;
    bool is_needed;
  };
  for (auto [role, variable, is_needed] : std::vector<Case>{{Role::dispatch, "BATCH_BUCKET", false},
                                                            {Role::worker, "SHARD_QUEUE_URL", true},
                                                            {Role::retry, "SHARD_QUEUE_URL", false},
                                                            {Role::retry, "BATCH_BUCKET", true},
                                                            {Role::sweep, "USERS_TABLE", false},
                                                            {Role::sweep, "RETRY_QUEUE_URL", true}}) {
    auto values = kComplete;
    values.erase(variable);
    EXPECT_EQ(parse_settings(role, variables(values)).has_value(), !is_needed) << to_string(role) << " " << variable;
  }
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

TEST(Settings, WorkersShareThePublishRate) {
  auto values = kComplete;
  values["PUBLISH_RATE"] = "1000";
  values["WORKERS"] = "20";
  auto settings = parse_settings(Role::worker, variables(values));
  ASSERT_TRUE(settings);
  EXPECT_EQ(publish_share(*settings), 50);
  EXPECT_EQ(settings->chunk_lines, 750u);
}

TEST(Settings, AnUnknownHandlerNamesTheKnown) {
  EXPECT_EQ(*parse_role("dispatch"), Role::dispatch);
  EXPECT_EQ(*parse_role("retry"), Role::retry);
  EXPECT_EQ(*parse_role("worker"), Role::worker);
  EXPECT_EQ(*parse_role("sweep"), Role::sweep);
  auto unknown = parse_role("index.handler");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("dispatch, worker, retry or sweep"));
}

TEST(Flow, NoBatchCallBeginsThatCouldNotBeAnsweredAndStoredBeforeTheDeadline) {
  SystemTime now{1000s};
  struct Case {
    std::chrono::seconds timeout;
    milliseconds call, reserve;
  };
  for (auto [timeout, call, reserve] : std::vector<Case>{{900s, 25ms, 15s},  // three quarters of the margin
                                                         {900s, 6s, 30s},
                                                         {900s, 200s, 450s},  // half of an invocation is for calls
                                                         {40s, 25ms, 7500ms},
                                                         {40s, 6s, 20s}}) {
    Flow flow(Settings{}, time_budget(now, now + timeout));
    flow.topic.call_time.took(call);
    EXPECT_EQ(flow.last_call(), now + timeout - reserve) << timeout.count() << " " << call.count();
    EXPECT_TRUE(flow.may_call(now + timeout - reserve - 1ms));
    EXPECT_FALSE(flow.may_call(now + timeout - reserve));
  }
}

TEST(Flow, OnlyFifoHasAnOrderToKeep) {
  struct Case {
    const char* topic;
    batch::Config::Ordering ordering;
    DeliveryOrder of_topic, of_queue;
  };
  using Ordering = batch::Config::Ordering;
  for (auto [topic, ordering, of_topic, of_queue] : std::vector<Case>{
           {"arn:aws:sns:eu-central-1:1:t", Ordering::by_shard, DeliveryOrder::none, DeliveryOrder::per_user},
           {"arn:aws:sns:eu-central-1:1:t", Ordering::by_file, DeliveryOrder::none, DeliveryOrder::strict},
           {"arn:aws:sns:eu-central-1:1:t.fifo", Ordering::by_shard, DeliveryOrder::per_user, DeliveryOrder::per_user},
           {"arn:aws:sns:eu-central-1:1:t.fifo", Ordering::by_file, DeliveryOrder::strict, DeliveryOrder::strict}}) {
    Settings settings;
    settings.topic_arn = topic;
    settings.rules.ordering = ordering;
    EXPECT_EQ(topic_order(settings), of_topic) << topic;
    EXPECT_EQ(retry_queue_order(settings), of_queue) << topic;
  }
}

class Metrics : public RoleTest {
 protected:
  // metrics_line wants a world: a role that only writes one.
  static Task<Result<std::string>> write(World& world, const Settings&, Invocation) {
    co_return metrics_line(world, "dispatch", wanted, properties);
  }
  std::string line_of(std::vector<Metric> metrics, json::object more) {
    wanted = std::move(metrics);
    properties = std::move(more);
    return **world.invoke(write, settings, "");
  }
  static inline std::vector<Metric> wanted;
  static inline json::object properties;
};

TEST_F(Metrics, AreEmbeddedMetricFormat) {
  EXPECT_EQ(
      line_of({{"Records", "Count", 5}, {"RunSeconds", "Seconds", 0.25}}, {{"runId", "r"}}),
      R"({"_aws":{"Timestamp":1795348800000,"CloudWatchMetrics":[{"Namespace":"ADS","Dimensions":[["Stack","Role"]],)"
      R"("Metrics":[{"Name":"Records","Unit":"Count"},{"Name":"RunSeconds","Unit":"Seconds"}]}]},"Stack":"ads",)"
      R"("Role":"dispatch","Records":5,"RunSeconds":2.5E-1,"runId":"r"})");
}

}  // namespace
}  // namespace ads::function
