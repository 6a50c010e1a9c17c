#include "cloud/cloudwatch/evaluation.h"

#include <fmt/format.h>

#include <charconv>

namespace ads::cloud::cloudwatch {
namespace {

constexpr std::size_t kExtraPeriods = 2;

std::string text(const json::object& shown, std::string_view member) {
  return std::string(get_string(shown, member).value_or(""));
}

// "5.0": a number as the reasons have it.
std::string decimal(double value) {
  auto out = fmt::format("{}", value);
  return out.find_first_of(".en") == std::string::npos ? out + ".0" : out;
}

std::string short_time(SystemTime time) {  // "22/11/26 16:20:00"
  const auto iso = iso8601_seconds(time);
  return fmt::format("{}/{}/{} {}", iso.substr(8, 2), iso.substr(5, 2), iso.substr(2, 2), iso.substr(11, 8));
}

std::string long_time(SystemTime time) {  // "2026-11-22T16:20:05.123+0000"
  auto iso = iso8601(time);
  iso.pop_back();
  return iso + "+0000";
}

std::string_view comparison_words(std::string_view comparison) {
  if (comparison == "GreaterThanThreshold") return "greater than";
  if (comparison == "GreaterThanOrEqualToThreshold") return "greater than or equal to";
  return comparison == "LessThanThreshold" ? "less than" : "less than or equal to";
}

std::string plural(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

// The datapoints that count: the newest real ones, as many as the alarm has periods.
std::vector<Datapoint> considered(const AlarmRule& rule, std::span<const std::optional<Datapoint>> newest_first) {
  std::vector<Datapoint> out;
  for (const auto& datapoint : newest_first) {
    if (out.size() == rule.periods) break;
    if (datapoint) out.push_back(*datapoint);
  }
  return out;
}

// A percentile of few samples says little: from the 50th on it needs 10/(1-p) of them, below 10/p.
bool has_enough_samples(const AlarmRule& rule, const Datapoint& datapoint) {
  if (!rule.statistic.starts_with('p')) return true;
  double percent = 0;
  std::from_chars(rule.statistic.data() + 1, rule.statistic.data() + rule.statistic.size(), percent);
  const double share = percent >= 50 ? 1 - percent / 100 : percent / 100;
  return share <= 0 || datapoint.samples >= 10 / share;
}

struct Decision {
  std::string state;  // empty: as it was
  std::size_t breaching = 0, filled = 0;
};

Decision decide(const AlarmRule& rule, std::span<const std::optional<Datapoint>> newest_first,
                const std::vector<Datapoint>& real) {
  using Missing = AlarmRule::Missing;
  Decision out;
  for (const auto& datapoint : real) out.breaching += rule.is_breaching(datapoint.value) ? 1 : 0;
  out.filled = rule.periods - real.size();
  const std::size_t filled_breaching = rule.missing == Missing::breaching ? out.filled : 0;
  if (out.breaching + filled_breaching >= rule.to_alarm) {
    out.state = "ALARM";
    return out;
  }
  const bool is_strict = rule.missing == Missing::breaching || rule.missing == Missing::not_breaching;
  if (out.filled == 0 || is_strict || out.breaching < real.size()) {
    out.state = "OK";
    return out;
  }
  // Every datapoint that there is breaches, and there are fewer than it takes.
  if (rule.missing == Missing::ignore) return out;
  if (real.empty()) {
    out.state = "INSUFFICIENT_DATA";
    return out;
  }
  // "Missing" alarms when the oldest of them is old enough that waiting for more would hide it.
  std::size_t oldest = 0;
  for (std::size_t age = 0; age < newest_first.size(); ++age)
    if (newest_first[age]) oldest = age + 1;
  if (oldest >= rule.to_alarm) out.state = "ALARM";
  return out;
}

std::string reason_of(const AlarmRule& rule, const Decision& decision, const std::vector<Datapoint>& real,
                      const std::string& current) {
  if (decision.state == "INSUFFICIENT_DATA")
    return fmt::format("Insufficient Data: {} {} unknown.", plural(rule.periods, "datapoint"),
                       rule.periods == 1 ? "was" : "were");
  const auto filled = decision.filled == 0
                          ? std::string()
                          : fmt::format("{} {} treated as [{}]", plural(decision.filled, "missing datapoint"),
                                        decision.filled == 1 ? "was" : "were",
                                        rule.missing == AlarmRule::Missing::breaching ? "Breaching" : "NonBreaching");
  const bool tells_of_filled =
      rule.missing == AlarmRule::Missing::breaching || rule.missing == AlarmRule::Missing::not_breaching;
  if (real.empty())
    return fmt::format("Threshold Crossed: no datapoints were received for {} and {}.", plural(rule.periods, "period"),
                       filled);
  const bool is_alarm = decision.state == "ALARM";
  std::string shown;
  std::size_t count = 0;
  for (const auto& datapoint : real) {
    if (rule.is_breaching(datapoint.value) != is_alarm) continue;
    if (count++ >= 5) continue;
    shown += fmt::format("{}{} ({})", shown.empty() ? "" : ", ", decimal(datapoint.value), short_time(datapoint.time));
  }
  const auto needed = is_alarm ? rule.to_alarm : rule.periods - rule.to_alarm + 1;
  auto out = fmt::format("Threshold Crossed: {} out of the last {} [{}] {} {}{} the threshold ({})", count,
                         plural(rule.periods, "datapoint"), shown, count == 1 ? "was" : "were", is_alarm ? "" : "not ",
                         comparison_words(rule.comparison), decimal(rule.threshold));
  if (decision.filled > 0 && tells_of_filled) out += fmt::format(" and {}", filled);
  return out +
         fmt::format(" (minimum {} for {} -> {} transition).", plural(needed, "datapoint"), current, decision.state);
}

}  // namespace

bool AlarmRule::is_breaching(double value) const {
  if (comparison == "GreaterThanThreshold") return value > threshold;
  if (comparison == "GreaterThanOrEqualToThreshold") return value >= threshold;
  return comparison == "LessThanThreshold" ? value < threshold : value <= threshold;
}

AlarmRule rule_of(const json::object& shown) {
  AlarmRule rule;
  rule.statistic = text(shown, "Statistic");
  if (rule.statistic.empty()) rule.statistic = text(shown, "ExtendedStatistic");
  rule.comparison = text(shown, "ComparisonOperator");
  if (const auto* threshold = shown.if_contains("Threshold"); threshold != nullptr && threshold->is_number())
    rule.threshold = threshold->to_number<double>();
  rule.period = std::chrono::seconds(std::max<std::int64_t>(60, get_integer(shown, "Period").value_or(60)));
  rule.periods =
      static_cast<std::size_t>(std::max<std::int64_t>(1, get_integer(shown, "EvaluationPeriods").value_or(1)));
  const auto to_alarm = get_integer(shown, "DatapointsToAlarm");
  rule.to_alarm = to_alarm ? static_cast<std::size_t>(std::max<std::int64_t>(1, *to_alarm)) : rule.periods;
  const auto missing = text(shown, "TreatMissingData");
  if (missing == "ignore") rule.missing = AlarmRule::Missing::ignore;
  if (missing == "breaching") rule.missing = AlarmRule::Missing::breaching;
  if (missing == "notBreaching") rule.missing = AlarmRule::Missing::not_breaching;
  // DynamoDB's metrics come only with traffic: AWS ignores what is missing there, whatever the alarm says.
  if (text(shown, "Namespace") == "AWS/DynamoDB") rule.missing = AlarmRule::Missing::ignore;
  rule.ignores_few_samples = text(shown, "EvaluateLowSampleCountPercentile") == "ignore";
  return rule;
}

std::size_t evaluation_range(const AlarmRule& rule) {
  return rule.periods + kExtraPeriods;
}

Verdict evaluate(const AlarmRule& rule, std::span<const std::optional<Datapoint>> newest_first,
                 const std::string& current, SystemTime now) {
  const auto real = considered(rule, newest_first);
  if (rule.ignores_few_samples &&
      std::ranges::any_of(real, [&](const auto& datapoint) { return !has_enough_samples(rule, datapoint); }))
    return {};
  const auto decision = decide(rule, newest_first, real);
  if (decision.state.empty()) return {};
  Verdict out{.state = decision.state, .reason = reason_of(rule, decision, real, current)};
  json::array recent, evaluated;
  for (auto datapoint = real.rbegin(); datapoint != real.rend(); ++datapoint) recent.emplace_back(datapoint->value);
  for (const auto& datapoint : real) {
    evaluated.push_back(json::object{
        {"timestamp", long_time(datapoint.time)}, {"sampleCount", datapoint.samples}, {"value", datapoint.value}});
  }
  json::object data{{"version", "1.0"}, {"queryDate", long_time(now)}};
  if (!real.empty()) data["startDate"] = long_time(real.back().time);
  data["statistic"] = rule.statistic;
  data["period"] = rule.period.count();
  data["recentDatapoints"] = std::move(recent);
  data["threshold"] = rule.threshold;
  data["evaluatedDatapoints"] = std::move(evaluated);
  out.data = json::serialize(data);
  return out;
}

}  // namespace ads::cloud::cloudwatch
