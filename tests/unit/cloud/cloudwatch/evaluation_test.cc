// An alarm's state, case by case: the tables of AWS's page on missing data, and the words of the reasons.
#include "cloud/cloudwatch/evaluation.h"

#include <gtest/gtest.h>

namespace ads::cloud::cloudwatch {
namespace {

// "0-X-X": oldest first; X breaches, 0 does not, - is missing. Padded with missing ones up to the range.
std::vector<std::optional<Datapoint>> points(const AlarmRule& rule, std::string_view drawn) {
  std::vector<std::optional<Datapoint>> newest_first;
  const auto end = parse_iso8601("2026-11-22T10:00:00Z").value();
  for (auto c = drawn.rbegin(); c != drawn.rend(); ++c) {
    const auto time = end - rule.period * static_cast<int>(newest_first.size() + 1);
    if (*c == '-')
      newest_first.emplace_back();
    else
      newest_first.push_back(Datapoint{time, *c == 'X' ? 5.0 : 0.0, 1});
  }
  newest_first.resize(evaluation_range(rule));
  return newest_first;
}

std::string state(AlarmRule rule, std::string_view drawn, AlarmRule::Missing missing) {
  rule.missing = missing;
  const auto verdict = evaluate(rule, points(rule, drawn), "OK", SystemTime{});
  return verdict.state.empty() ? "same" : verdict.state;
}

struct Row {
  std::string drawn, missing, ignore, breaching, not_breaching;
};

void check(const AlarmRule& rule, const std::vector<Row>& rows) {
  using Missing = AlarmRule::Missing;
  for (const auto& row : rows) {
    EXPECT_EQ(state(rule, row.drawn, Missing::missing), row.missing) << row.drawn << " missing";
    EXPECT_EQ(state(rule, row.drawn, Missing::ignore), row.ignore) << row.drawn << " ignore";
    EXPECT_EQ(state(rule, row.drawn, Missing::breaching), row.breaching) << row.drawn << " breaching";
    EXPECT_EQ(state(rule, row.drawn, Missing::not_breaching), row.not_breaching) << row.drawn << " notBreaching";
  }
}

const AlarmRule kThree{
    .statistic = "Sum", .comparison = "GreaterThanThreshold", .threshold = 1.5, .periods = 3, .to_alarm = 3};
constexpr auto kInsufficient = "INSUFFICIENT_DATA";

TEST(Evaluate, three_out_of_three_as_the_page_has_it) {
  check(kThree, {{"0-X-X", "OK", "OK", "OK", "OK"},
                 {"----0", "OK", "OK", "OK", "OK"},
                 {"-----", kInsufficient, "same", "ALARM", "OK"},
                 {"0XX-X", "ALARM", "ALARM", "ALARM", "ALARM"},
                 {"--X--", "ALARM", "same", "ALARM", "OK"}});
}

TEST(Evaluate, two_out_of_three_as_the_page_has_it) {
  auto rule = kThree;
  rule.to_alarm = 2;
  check(rule, {{"0-X-X", "ALARM", "ALARM", "ALARM", "ALARM"},
               {"00X0X", "ALARM", "ALARM", "ALARM", "ALARM"},
               {"0-X--", "OK", "OK", "ALARM", "OK"},
               {"----0", "OK", "OK", "ALARM", "OK"},
               {"---X-", "ALARM", "same", "ALARM", "OK"}});
}

TEST(Evaluate, one_breaching_datapoint_is_too_young_for_three) {
  check(kThree, {{"----X", "same", "same", "ALARM", "OK"}});
}

TEST(Evaluate, comparisons) {
  struct Case {
    std::string comparison;
    double value;
    bool expected;
  };
  const std::vector<Case> cases = {
      {"GreaterThanThreshold", 1.5, false},
      {"GreaterThanThreshold", 1.6, true},
      {"GreaterThanOrEqualToThreshold", 1.5, true},
      {"GreaterThanOrEqualToThreshold", 1.4, false},
      {"LessThanThreshold", 1.5, false},
      {"LessThanThreshold", 1.4, true},
      {"LessThanOrEqualToThreshold", 1.5, true},
      {"LessThanOrEqualToThreshold", 1.6, false},
  };
  for (const auto& c : cases) {
    const AlarmRule rule{.comparison = c.comparison, .threshold = 1.5};
    EXPECT_EQ(rule.is_breaching(c.value), c.expected) << c.comparison << " " << c.value;
  }
}

TEST(Evaluate, reasons_in_aws_words) {
  const AlarmRule one{.statistic = "Sum", .comparison = "GreaterThanThreshold", .threshold = 1.5};
  const auto reason = [&](AlarmRule rule, std::string_view drawn, const std::string& current) {
    return evaluate(rule, points(rule, drawn), current, SystemTime{}).reason;
  };
  EXPECT_EQ(reason(one, "X", "OK"),
            "Threshold Crossed: 1 out of the last 1 datapoint [5.0 (22/11/26 09:59:00)] was greater than the threshold "
            "(1.5) (minimum 1 datapoint for OK -> ALARM transition).");
  EXPECT_EQ(reason(one, "0", "ALARM"),
            "Threshold Crossed: 1 out of the last 1 datapoint [0.0 (22/11/26 09:59:00)] was not greater than the "
            "threshold (1.5) (minimum 1 datapoint for ALARM -> OK transition).");
  EXPECT_EQ(reason(one, "-", "OK"), "Insufficient Data: 1 datapoint was unknown.");
  auto strict = one;
  strict.missing = AlarmRule::Missing::not_breaching;
  EXPECT_EQ(reason(strict, "-", "ALARM"),
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as "
            "[NonBreaching].");
}

TEST(Evaluate, the_reasons_data_holds_the_datapoints) {
  const AlarmRule one{.statistic = "Sum", .comparison = "GreaterThanThreshold", .threshold = 1.5};
  const auto verdict = evaluate(one, points(one, "X"), "OK", parse_iso8601("2026-11-22T10:00:02.5Z").value());
  EXPECT_EQ(verdict.data,
            R"({"version":"1.0","queryDate":"2026-11-22T10:00:02.500+0000","startDate":"2026-11-22T09:59:00.000+0000",)"
            R"("statistic":"Sum","period":60,"recentDatapoints":[5E0],"threshold":1.5E0,"evaluatedDatapoints":)"
            R"([{"timestamp":"2026-11-22T09:59:00.000+0000","sampleCount":1E0,"value":5E0}]})");
}

TEST(Evaluate, percentiles_of_few_samples_may_be_ignored) {
  AlarmRule rule{.statistic = "p99", .comparison = "GreaterThanThreshold", .threshold = 1.5};
  rule.ignores_few_samples = true;
  const std::vector<std::optional<Datapoint>> few = {Datapoint{{}, 5, 999}, {}, {}},
                                              many = {Datapoint{{}, 5, 1001}, {}, {}};
  EXPECT_EQ(evaluate(rule, few, "OK", {}).state, "");
  EXPECT_EQ(evaluate(rule, many, "OK", {}).state, "ALARM");
}

TEST(RuleOf, defaults) {
  const auto rule = rule_of({{"Statistic", "Sum"},
                             {"Period", 300},
                             {"EvaluationPeriods", 3},
                             {"Threshold", 2.0},
                             {"ComparisonOperator", "LessThanThreshold"}});
  EXPECT_EQ(rule.to_alarm, 3u);
  EXPECT_EQ(rule.period, std::chrono::seconds(300));
  EXPECT_EQ(rule.missing, AlarmRule::Missing::missing);
  EXPECT_EQ(rule_of({{"Namespace", "AWS/DynamoDB"}, {"TreatMissingData", "breaching"}}).missing,
            AlarmRule::Missing::ignore);
}

}  // namespace
}  // namespace ads::cloud::cloudwatch
