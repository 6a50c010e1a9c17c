// Alarms that wake when there is something to see, by a clock that the test turns.
#include "cloud/cloudwatch/watch.h"

#include <gtest/gtest.h>

#include "run_task.h"
#include "temporary_directory.h"

namespace ads::cloud::cloudwatch {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

SystemTime utc(std::string_view text) {
  return parse_iso8601(text).value();
}

class Watched : public ::testing::Test {
 protected:
  void put(json::object more = {}) {
    json::object input{{"AlarmName", "a"},
                       {"Namespace", "app"},
                       {"MetricName", "Errors"},
                       {"Statistic", "Sum"},
                       {"Period", 60},
                       {"EvaluationPeriods", 1},
                       {"Threshold", 1.5},
                       {"ComparisonOperator", "GreaterThanThreshold"},
                       {"AlarmActions", {"arn:aws:sns:r:0:t"}}};
    for (auto& [name, value] : more) input[name] = value;
    const auto existing = alarms_.find("r", "a");
    auto alarm = make_alarm(input, "0", "r", clock_.now(), existing ? &*existing : nullptr);
    ASSERT_TRUE(alarm) << alarm.error().message;
    Batch batch;
    watch_.put(batch, "r", *std::move(alarm), existing ? &*existing : nullptr);
    ASSERT_TRUE(store_->apply(std::move(batch)));
  }
  void sample(double value, std::string_view at = "") {
    Aggregate one;
    one.add(value);
    const auto time = at.empty() ? clock_.now() : utc(at);
    ASSERT_TRUE(metrics_.add("r", errors_, time, "Count", one));
    watch_.touched("r", errors_, time);
  }
  // What the alarm's state is after everything due by then was done.
  std::string state_at(std::string_view time) {
    while (watch_.next_due() && *watch_.next_due() <= utc(time)) {
      clock_.set(std::max(clock_.now(), *watch_.next_due()));
      (void)watch_.turn(clock_.now()).value();
    }
    clock_.set(utc(time));
    return text(alarms_.find("r", "a")->shown, "StateValue");
  }
  std::vector<std::string> history(std::string_view type) {
    std::string next;
    std::vector<std::string> out;
    for (const auto& item : history_.list(
             "r", [&](const auto& i) { return i.type == type; },
             {.from = {}, .to = clock_.now() + minutes(1), .order = ScanOrder::ascending}, next))
      out.push_back(item.summary);
    return out;
  }

  asio::io_context io_{1};
  testing::TemporaryDirectory directory_;
  std::unique_ptr<Store> store_ = Store::open(io_.get_executor(), directory_.path(), Durability::ephemeral).value();
  ManualClock clock_{utc("2026-11-22T10:00:30Z")};
  Environment environment_{.executor = io_.get_executor(), .store = *store_, .clock = clock_};
  Metrics metrics_{*store_, clock_};
  Alarms alarms_{*store_};
  History history_{*store_};
  Watch watch_{environment_, metrics_, alarms_, history_};
  Metric errors_{"app", "Errors", {}};
};

TEST_F(Watched, an_alarm_without_data_is_looked_at_once_and_sleeps) {
  put({{"TreatMissingData", "notBreaching"}});
  EXPECT_EQ(watch_.next_due(), clock_.now());
  EXPECT_EQ(state_at("2026-11-22T10:00:30Z"), "OK");
  EXPECT_FALSE(watch_.next_due());
}

TEST_F(Watched, data_wakes_it_at_the_end_of_the_minute_and_it_sleeps_again_when_the_data_has_passed) {
  put();
  EXPECT_EQ(state_at("2026-11-22T10:01:30Z"), "INSUFFICIENT_DATA");
  EXPECT_FALSE(watch_.next_due());
  sample(2);
  EXPECT_EQ(watch_.next_due(), utc("2026-11-22T10:02:03Z"));
  EXPECT_EQ(state_at("2026-11-22T10:02:02Z"), "INSUFFICIENT_DATA");
  EXPECT_EQ(state_at("2026-11-22T10:02:03Z"), "ALARM");
  // The last real datapoint stands for the missing ones while it is in the range of three periods.
  EXPECT_EQ(state_at("2026-11-22T10:04:03Z"), "ALARM");
  EXPECT_EQ(state_at("2026-11-22T10:05:03Z"), "INSUFFICIENT_DATA");
  EXPECT_FALSE(watch_.next_due());
  EXPECT_EQ(history("StateUpdate"), (std::vector<std::string>{"Alarm updated from INSUFFICIENT_DATA to ALARM",
                                                              "Alarm updated from ALARM to INSUFFICIENT_DATA"}));
}

TEST_F(Watched, a_sample_between_a_minutes_end_and_its_evaluation_is_not_forgotten) {
  put();
  sample(0);
  (void)state_at("2026-11-22T10:01:01Z");
  EXPECT_EQ(watch_.next_due(), utc("2026-11-22T10:01:03Z"));
  sample(2);  // belongs to the minute after the one that is looked at next
  EXPECT_EQ(state_at("2026-11-22T10:01:03Z"), "OK");
  EXPECT_EQ(state_at("2026-11-22T10:02:03Z"), "ALARM");
}

TEST_F(Watched, data_of_a_minute_that_is_over_is_looked_at_a_second_later) {
  put();
  (void)state_at("2026-11-22T10:05:30Z");
  sample(2, "2026-11-22T10:04:10Z");
  EXPECT_EQ(watch_.next_due(), utc("2026-11-22T10:05:31Z"));
  EXPECT_EQ(state_at("2026-11-22T10:05:31Z"), "ALARM");
}

TEST_F(Watched, data_that_a_service_writes_right_after_its_minute_is_looked_at_when_the_grace_is_over) {
  put();
  (void)state_at("2026-11-22T10:05:00Z");
  sample(2, "2026-11-22T10:04:00Z");
  EXPECT_EQ(watch_.next_due(), utc("2026-11-22T10:05:03Z"));
  EXPECT_EQ(state_at("2026-11-22T10:05:03Z"), "ALARM");
}

TEST_F(Watched, long_periods_slide_minute_by_minute) {
  put({{"Period", 300}, {"Threshold", 4}});
  sample(2);
  clock_.set(utc("2026-11-22T10:03:30Z"));
  sample(3);
  EXPECT_EQ(state_at("2026-11-22T10:04:02Z"), "OK");
  EXPECT_EQ(state_at("2026-11-22T10:04:03Z"), "ALARM") << "both are within the last five minutes";
  EXPECT_EQ(state_at("2026-11-22T10:06:03Z"), "OK") << "the first of them no longer is";
}

TEST_F(Watched, the_unit_and_the_dimensions_must_fit) {
  put({{"Unit", "Seconds"}});
  sample(2);
  EXPECT_EQ(state_at("2026-11-22T10:01:03Z"), "INSUFFICIENT_DATA");
  errors_.dimensions = {{"Queue", "q"}};
  sample(2);
  EXPECT_FALSE(watch_.next_due());
}

TEST_F(Watched, a_change_of_state_leaves_a_notice_for_the_topic_until_it_was_said) {
  put();
  sample(2);
  EXPECT_EQ(state_at("2026-11-22T10:01:03Z"), "ALARM");
  const auto pending = watch_.first_notice();
  ASSERT_TRUE(pending);
  EXPECT_EQ(pending->notice.action, "arn:aws:sns:r:0:t");
  EXPECT_EQ(pending->notice.subject, R"(ALARM: "a" in r)");
  const auto message = parse_json_object(pending->notice.message).value();
  EXPECT_EQ(text(message, "NewStateValue"), "ALARM");
  EXPECT_EQ(text(message, "OldStateValue"), "INSUFFICIENT_DATA");
  EXPECT_EQ(text(message, "StateChangeTime"), "2026-11-22T10:01:03.000+0000");
  EXPECT_EQ(text(message.at("Trigger").as_object(), "Statistic"), "SUM");
  ASSERT_TRUE(watch_.settle(*pending, std::nullopt));
  EXPECT_FALSE(watch_.first_notice());
  EXPECT_EQ(history("Action"), std::vector<std::string>{"Successfully executed action arn:aws:sns:r:0:t"});
}

TEST_F(Watched, disabled_actions_are_not_taken) {
  put({{"ActionsEnabled", false}});
  sample(2);
  EXPECT_EQ(state_at("2026-11-22T10:01:03Z"), "ALARM");
  EXPECT_FALSE(watch_.first_notice());
}

TEST_F(Watched, a_state_set_by_hand_lasts_until_the_next_evaluation) {
  put({{"TreatMissingData", "notBreaching"}});
  EXPECT_EQ(state_at("2026-11-22T10:01:03Z"), "OK");
  Batch batch;
  watch_.set_state(batch, "r", *alarms_.find("r", "a"), {.state = "ALARM", .reason = "by hand"});
  ASSERT_TRUE(store_->apply(std::move(batch)));
  EXPECT_EQ(state_at("2026-11-22T10:01:30Z"), "ALARM");
  EXPECT_EQ(state_at("2026-11-22T10:02:03Z"), "OK");
}

TEST_F(Watched, a_changed_alarm_watches_its_new_metric_and_keeps_its_state) {
  put();
  sample(2);
  EXPECT_EQ(state_at("2026-11-22T10:01:03Z"), "ALARM");
  put({{"MetricName", "Other"}, {"TreatMissingData", "ignore"}});
  EXPECT_EQ(state_at("2026-11-22T10:02:03Z"), "ALARM");
  EXPECT_FALSE(watch_.next_due());
  sample(2);
  EXPECT_FALSE(watch_.next_due()) << "its old metric is nothing to it";
}

TEST_F(Watched, a_removed_alarm_leaves_nothing_but_its_history) {
  put();
  sample(2);
  Batch batch;
  watch_.remove(batch, "r", *alarms_.find("r", "a"));
  ASSERT_TRUE(store_->apply(std::move(batch)));
  EXPECT_FALSE(watch_.next_due());
  EXPECT_FALSE(alarms_.find("r", "a"));
  sample(2);
  EXPECT_FALSE(watch_.next_due());
  EXPECT_EQ(history("ConfigurationUpdate"), (std::vector<std::string>{R"(Alarm "a" created)", R"(Alarm "a" deleted)"}));
}

TEST_F(Watched, alarms_of_more_than_a_day_are_looked_at_once_an_hour) {
  put({{"Period", 86'400}, {"EvaluationPeriods", 2}});
  sample(2);
  (void)state_at("2026-11-22T10:00:30Z");
  EXPECT_EQ(watch_.next_due(), utc("2026-11-22T11:00:03Z"));
}

TEST_F(Watched, periods_below_a_minute_are_refused_by_name) {
  const auto alarm = make_alarm({{"AlarmName", "b"},
                                 {"Namespace", "app"},
                                 {"MetricName", "m"},
                                 {"Statistic", "Sum"},
                                 {"Period", 10},
                                 {"EvaluationPeriods", 1},
                                 {"Threshold", 1},
                                 {"ComparisonOperator", "LessThanThreshold"}},
                                "0", "r", clock_.now(), nullptr);
  ASSERT_FALSE(alarm);
  EXPECT_EQ(alarm.error().code, "NotImplemented");
}

}  // namespace
}  // namespace ads::cloud::cloudwatch
