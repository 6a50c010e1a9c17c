#include "cloud/cloudwatch/alarm_message.h"

#include <fmt/core.h>

#include "cloud/cloudwatch/input.h"
#include "cloud/operations/timestamp.h"

namespace ads::cloud::cloudwatch {
namespace {

// Messages name regions in words.
constexpr std::pair<std::string_view, std::string_view> kRegions[] = {
    {"us-east-1", "US East (N. Virginia)"},
    {"us-east-2", "US East (Ohio)"},
    {"us-west-1", "US West (N. California)"},
    {"us-west-2", "US West (Oregon)"},
    {"ca-central-1", "Canada (Central)"},
    {"eu-central-1", "EU (Frankfurt)"},
    {"eu-west-1", "EU (Ireland)"},
    {"eu-west-2", "EU (London)"},
    {"eu-west-3", "EU (Paris)"},
    {"eu-north-1", "EU (Stockholm)"},
    {"eu-south-1", "EU (Milan)"},
    {"ap-northeast-1", "Asia Pacific (Tokyo)"},
    {"ap-northeast-2", "Asia Pacific (Seoul)"},
    {"ap-southeast-1", "Asia Pacific (Singapore)"},
    {"ap-southeast-2", "Asia Pacific (Sydney)"},
    {"ap-south-1", "Asia Pacific (Mumbai)"},
    {"sa-east-1", "South America (Sao Paulo)"},
};

std::string_view words_of(std::string_view region) {
  for (const auto& [name, words] : kRegions)
    if (name == region) return words;
  return region;
}

std::string with_offset(SystemTime time) {  // "2026-11-22T16:20:05.123+0000"
  auto iso = iso8601(time);
  iso.pop_back();
  return iso + "+0000";
}

json::value member_or(const json::object& shown, std::string_view member, json::value fallback) {
  const auto* value = shown.if_contains(member);
  return value != nullptr ? *value : std::move(fallback);
}

json::object trigger_of(const json::object& shown) {
  json::object trigger{{"MetricName", member_or(shown, "MetricName", nullptr)},
                       {"Namespace", member_or(shown, "Namespace", nullptr)}};
  if (const auto plain = text(shown, "Statistic"); !plain.empty()) {
    trigger["StatisticType"] = "Statistic";
    std::string loud;
    for (const char c : plain) {
      if (!loud.empty() && c >= 'A' && c <= 'Z') loud += '_';
      loud += static_cast<char>(std::toupper(c));
    }
    trigger["Statistic"] = loud;  // "SUM", "SAMPLE_COUNT"
  } else {
    trigger["StatisticType"] = "ExtendedStatistic";
    trigger["ExtendedStatistic"] = text(shown, "ExtendedStatistic");
  }
  trigger["Unit"] = member_or(shown, "Unit", nullptr);
  json::array named;
  if (const auto* dimensions_of = get_array(shown, "Dimensions")) {
    for (const auto& entry : *dimensions_of)
      named.push_back(json::object{{"value", entry.at("Value")}, {"name", entry.at("Name")}});
  }
  trigger["Dimensions"] = std::move(named);
  trigger["Period"] = member_or(shown, "Period", nullptr);
  trigger["EvaluationPeriods"] = member_or(shown, "EvaluationPeriods", nullptr);
  if (const auto* count = shown.if_contains("DatapointsToAlarm")) trigger["DatapointsToAlarm"] = *count;
  trigger["ComparisonOperator"] = member_or(shown, "ComparisonOperator", nullptr);
  trigger["Threshold"] = member_or(shown, "Threshold", nullptr);
  trigger["TreatMissingData"] = member_or(shown, "TreatMissingData", "missing");
  trigger["EvaluateLowSampleCountPercentile"] = member_or(shown, "EvaluateLowSampleCountPercentile", "");
  return trigger;
}

}  // namespace

std::string alarm_subject(const Alarm& alarm, std::string_view region) {
  auto subject = fmt::format("{}: \"{}\" in {}", text(alarm.shown, "StateValue"), alarm.name, words_of(region));
  if (subject.size() > 100) subject.resize(100);  // SNS takes no longer ones
  return subject;
}

std::string alarm_message(const Alarm& alarm, std::string_view account, std::string_view region,
                          std::string_view old_state, SystemTime now) {
  const auto& shown = alarm.shown;
  const auto* changed = shown.if_contains("AlarmConfigurationUpdatedTimestamp");
  const auto* updated = changed != nullptr ? operations::as_timestamp(*changed) : nullptr;
  return json::serialize(
      json::object{{"AlarmName", alarm.name},
                   {"AlarmDescription", member_or(shown, "AlarmDescription", nullptr)},
                   {"AWSAccountId", account},
                   {"AlarmConfigurationUpdatedTimestamp",
                    with_offset(updated != nullptr ? SystemTime(std::chrono::milliseconds(updated->as_int64())) : now)},
                   {"NewStateValue", shown.at("StateValue")},
                   {"NewStateReason", shown.at("StateReason")},
                   {"StateChangeTime", with_offset(now)},
                   {"Region", words_of(region)},
                   {"AlarmArn", shown.at("AlarmArn")},
                   {"OldStateValue", old_state},
                   {"OKActions", shown.at("OKActions")},
                   {"AlarmActions", shown.at("AlarmActions")},
                   {"InsufficientDataActions", shown.at("InsufficientDataActions")},
                   {"Trigger", trigger_of(shown)}});
}

}  // namespace ads::cloud::cloudwatch
