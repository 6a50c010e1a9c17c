// CBOR, aggregates, metrics and alarms, without a wire.
#include <gtest/gtest.h>

#include <cmath>

#include "base/encoding.h"
#include "cloud/cloudwatch/alarms.h"
#include "cloud/cloudwatch/input.h"
#include "cloud/cloudwatch/metrics.h"
#include "cloud/operations/cbor.h"
#include "cloud/operations/timestamp.h"
#include "run_task.h"
#include "temporary_directory.h"

namespace ads::cloud::cloudwatch {
namespace {

// RFC 8949, appendix A.
TEST(ReadCbor, the_standards_examples) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"00", "0"},
      {"17", "23"},
      {"1818", "24"},
      {"1903e8", "1000"},
      {"1a000f4240", "1000000"},
      {"20", "-1"},
      {"3903e7", "-1000"},
      {"f4", "false"},
      {"f5", "true"},
      {"f6", "null"},
      {"6161", R"("a")"},
      {"62c3bc", R"("ü")"},
      {"83010203", "[1,2,3]"},
      {"a26161016162820203", R"({"a":1,"b":[2,3]})"},
      {"9f018202039f0405ffff", "[1,[2,3],[4,5]]"},
      {"bf61610161629f0203ffff", R"({"a":1,"b":[2,3]})"},
      {"7f657374726561646d696e67ff", R"("streaming")"},
      {"c11a514b67b0", "1363896240"},
  };
  for (const auto& [hex, text] : cases) {
    const auto read = operations::read_cbor(from_hex(hex).value());
    ASSERT_TRUE(read) << hex;
    EXPECT_EQ(json::serialize(*read), text) << hex;
  }
}

TEST(ReadCbor, floats_of_every_width) {
  const auto read = [](std::string_view hex) { return operations::read_cbor(from_hex(hex).value())->as_double(); };
  EXPECT_EQ(read("f93c00"), 1.0);
  EXPECT_EQ(read("f97bff"), 65504.0);
  EXPECT_EQ(read("f90001"), 5.960464477539063e-8);
  EXPECT_EQ(read("f9c400"), -4.0);
  EXPECT_EQ(read("fa47c35000"), 100000.0);
  EXPECT_EQ(read("fb3ff199999999999a"), 1.1);
  EXPECT_TRUE(std::isinf(read("f97c00")));
}

TEST(ReadCbor, what_is_broken_is_refused) {
  for (const std::string hex : {"", "18", "62ff", "8301", "a161", "9f01", "ff", "a10102", "0000", "fc"}) {
    EXPECT_FALSE(operations::read_cbor(from_hex(hex).value())) << hex;
  }
  EXPECT_FALSE(operations::read_cbor(std::string(100, '\x81'))) << "depth";
  EXPECT_FALSE(operations::read_cbor(from_hex("9bffffffffffffffff").value())) << "a list longer than the body";
  EXPECT_FALSE(operations::read_cbor(from_hex("3bffffffffffffffff").value())) << "a number below every integer";
}

TEST(WriteCbor, comes_back_as_it_was) {
  const auto value = parse_json(R"({"a":[1,-5,70000,1.5,true,null,"x"],"b":{"c":"d"}})").value();
  EXPECT_EQ(operations::read_cbor(operations::write_cbor(value)).value(), value);
  EXPECT_EQ(to_hex(operations::write_cbor(operations::timestamp(1500))), "c1fb3ff8000000000000");
}

TEST(Aggregate, statistics) {
  Aggregate samples;
  for (int i = 1; i <= 100; ++i) samples.add(i);
  EXPECT_EQ(samples.statistic("SampleCount"), 100);
  EXPECT_EQ(samples.statistic("Sum"), 5050);
  EXPECT_EQ(samples.statistic("Average"), 50.5);
  EXPECT_EQ(samples.statistic("Minimum"), 1);
  EXPECT_EQ(samples.statistic("Maximum"), 100);
  EXPECT_EQ(samples.statistic("p50"), 50);
  EXPECT_EQ(samples.statistic("p99"), 99);
  EXPECT_EQ(samples.statistic("p100"), 100);
  EXPECT_FALSE(samples.statistic("p101"));
  EXPECT_FALSE(samples.statistic("Median"));
}

TEST(Aggregate, many_different_values_stay_bounded) {
  Aggregate samples;
  for (int i = 1; i <= 100'000; ++i) samples.add(i * 1.001);
  EXPECT_LE(samples.values.size(), 600u);
  EXPECT_NEAR(*samples.statistic("p50"), 50'000, 2'500);
  const auto back = read_aggregate(write(samples));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->values, samples.values);
  EXPECT_FALSE(read_aggregate("{"));
}

class Kept : public ::testing::Test {
 protected:
  Aggregate one(double value) {
    Aggregate out;
    out.add(value);
    return out;
  }
  asio::io_context io_{1};
  testing::TemporaryDirectory directory_;
  std::unique_ptr<Store> store_ = Store::open(io_.get_executor(), directory_.path(), Durability::ephemeral).value();
  ManualClock clock_{parse_iso8601("2026-11-22T10:00:30Z").value()};
  Metrics metrics_{*store_, clock_};
  Metric latency_{"app", "Latency", {{"Route", "a"}}};
};

TEST_F(Kept, samples_of_a_minute_meet_in_memory_and_in_the_store) {
  const auto now = clock_.now();
  ASSERT_TRUE(metrics_.add("r", latency_, now, "Seconds", one(1)));
  ASSERT_TRUE(metrics_.add("r", latency_, now, "Seconds", one(2)));
  ASSERT_TRUE(metrics_.flush());
  ASSERT_TRUE(metrics_.add("r", latency_, now + std::chrono::seconds(10), "Seconds", one(3)));
  ASSERT_TRUE(metrics_.add("r", latency_, now + std::chrono::minutes(1), "Seconds", one(4)));
  const auto points = metrics_.points("r", latency_, now - std::chrono::minutes(1), now + std::chrono::minutes(2),
                                      std::chrono::seconds(60), "");
  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[0].aggregate.sum, 6);
  EXPECT_EQ(points[1].aggregate.sum, 4);
  const auto whole = metrics_.points("r", latency_, now - std::chrono::hours(1), now + std::chrono::hours(1),
                                     std::chrono::hours(1), "");
  ASSERT_EQ(whole.size(), 1u);
  EXPECT_EQ(whole[0].aggregate.count, 4);
  EXPECT_TRUE(metrics_
                  .points("other", latency_, now - std::chrono::hours(1), now + std::chrono::hours(1),
                          std::chrono::hours(1), "")
                  .empty());
}

TEST_F(Kept, what_waits_in_memory_is_bounded) {
  for (int i = 0; i < 5'000; ++i) {
    ASSERT_TRUE(metrics_.add("r", {"app", "m" + std::to_string(i), {}}, clock_.now(), "", one(1)));
  }
  std::string next;
  EXPECT_EQ(metrics_.list("r", {"app", "", {}}, "", 20'000, next).size(), 5'000u);
}

TEST_F(Kept, data_older_than_fifteen_days_is_forgotten) {
  ASSERT_TRUE(metrics_.add("r", latency_, clock_.now(), "", one(1)));
  ASSERT_TRUE(metrics_.flush());
  const auto then = clock_.now();
  clock_.advance(std::chrono::days(16));
  ASSERT_TRUE(metrics_.add("r", latency_, clock_.now(), "", one(1)));
  ASSERT_TRUE(metrics_.flush());
  EXPECT_TRUE(metrics_
                  .points("r", latency_, then - std::chrono::hours(1), then + std::chrono::hours(1),
                          std::chrono::seconds(60), "")
                  .empty());
}

json::object alarm() {
  return {{"AlarmName", "a"},   {"MetricName", "m"},
          {"Namespace", "n"},   {"Statistic", "Sum"},
          {"Period", "60"},     {"EvaluationPeriods", 1},
          {"Threshold", "1.5"}, {"ComparisonOperator", "GreaterThanThreshold"}};
}

TEST(ReadTime, what_is_far_outside_any_calendar_is_refused) {
  const auto read = [](json::value at) { return time(json::object{{"StartTime", std::move(at)}}, "StartTime"); };
  EXPECT_EQ(read(1.5).value(), SystemTime(std::chrono::milliseconds(1500)));
  EXPECT_EQ(read("1.5").value(), SystemTime(std::chrono::milliseconds(1500)));
  EXPECT_EQ(read("1970-01-01T00:00:01Z").value(), SystemTime(std::chrono::seconds(1)));
  for (const json::value& at : {json::value(1e300), json::value("1e300"), json::value("-inf"), json::value("nan")}) {
    EXPECT_FALSE(read(at)) << at;
  }
}

TEST(MakeAlarm, texts_of_the_query_protocol_become_numbers) {
  const auto made = make_alarm(alarm(), "000000000000", "eu-west-1", {}, nullptr);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->shown.at("Period"), 60);
  EXPECT_EQ(made->shown.at("Threshold"), 1.5);
  EXPECT_EQ(made->shown.at("StateValue"), "INSUFFICIENT_DATA");
}

TEST(MakeAlarm, refusals) {
  const std::vector<std::tuple<std::string, json::value, std::string>> cases = {
      {"AlarmName", "", "MissingParameter"},
      {"MetricName", "", "MissingParameter"},
      {"Statistic", "Median", "ValidationError"},
      {"ExtendedStatistic", "p90", "InvalidParameterCombination"},
      {"Period", 45, "ValidationError"},
      {"Period", "x", "InvalidParameterValue"},
      {"Period", "nan", "InvalidParameterValue"},
      {"Period", "1e300", "InvalidParameterValue"},
      {"EvaluationPeriods", 0, "InvalidParameterValue"},
      {"EvaluationPeriods", 100'000, "ValidationError"},
      {"DatapointsToAlarm", 2, "ValidationError"},
      {"Threshold", "", "MissingParameter"},
      {"ComparisonOperator", "Bigger", "ValidationError"},
      {"TreatMissingData", "maybe", "ValidationError"},
      {"Unit", "Parsecs", "InvalidParameterValue"},
      {"AlarmActions", json::array{"topic"}, "ValidationError"},
      {"Metrics", json::array{}, "NotImplemented"},
  };
  for (const auto& [member, value, code] : cases) {
    auto input = alarm();
    input[member] = value;
    const auto made = make_alarm(input, "000000000000", "eu-west-1", {}, nullptr);
    ASSERT_FALSE(made) << member;
    EXPECT_EQ(made.error().code, code) << member << ": " << made.error().message;
  }
}

}  // namespace
}  // namespace ads::cloud::cloudwatch
