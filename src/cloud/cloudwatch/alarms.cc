#include "cloud/cloudwatch/alarms.h"

#include "cloud/cloudwatch/aggregate.h"
#include "cloud/cloudwatch/errors.h"
#include "cloud/cloudwatch/input.h"
#include "cloud/cloudwatch/keys.h"
#include "cloud/operations/timestamp.h"

namespace ads::cloud::cloudwatch {
namespace {

std::int64_t millis(SystemTime time) {
  return time.time_since_epoch().count();
}

Outcome<void> copy_choice(const json::object& input, std::string_view member, std::set<std::string_view> allowed,
                          json::object& shown) {
  const auto given = text(input, member);
  if (given.empty()) return {};
  if (!allowed.contains(given)) {
    return refuse(
        validation(fmt::format("1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: "
                               "Member must satisfy enum value set.",
                               given, member)));
  }
  shown[member] = given;
  return {};
}

Outcome<void> copy_whole_number(const json::object& input, std::string_view member, json::object& shown) {
  auto given = number(input, member);
  if (!given) return refuse(given.error());
  if (!*given) return {};
  if (!(**given >= 1 && **given <= 1e9) || **given != static_cast<double>(static_cast<std::int64_t>(**given))) {
    return refuse(invalid_value(fmt::format("The value of the parameter {} must be a whole number above 0.", member)));
  }
  shown[member] = static_cast<std::int64_t>(**given);
  return {};
}

Outcome<void> copy_actions(const json::object& input, std::string_view member, json::object& shown) {
  const auto given = texts(input, member);
  if (given.size() > 5) return refuse(validation(fmt::format("{} can have up to 5 entries.", member)));
  for (const auto& arn : given) {
    if (!arn.starts_with("arn:")) return refuse(validation(fmt::format("Invalid arn syntax: {}", arn)));
  }
  shown[member] = json::array(given.begin(), given.end());
  return {};
}

// The statistic: one of the five, or a percentile, never both.
Outcome<void> copy_statistic(const json::object& input, json::object& shown) {
  const auto plain = text(input, "Statistic"), extended = text(input, "ExtendedStatistic");
  if (plain.empty() == extended.empty()) {
    return refuse(
        invalid_combination("Exactly one of the parameters Statistic and ExtendedStatistic must be specified."));
  }
  if (!plain.empty()) {
    return copy_choice(input, "Statistic", {"SampleCount", "Average", "Sum", "Minimum", "Maximum"}, shown);
  }
  if (!extended.starts_with('p') || !is_statistic(extended)) {
    return refuse(
        invalid_value(fmt::format("The value {} for parameter ExtendedStatistic is not supported.", extended)));
  }
  shown["ExtendedStatistic"] = extended;
  return {};
}

Outcome<void> copy_period(const json::object& shown) {
  const auto period = get_integer(shown, "Period");
  if (!period) return refuse(missing("Period"));
  if (*period == 10 || *period == 20 || *period == 30)
    return refuse(not_implemented("An alarm with a Period below 60 seconds"));
  if (*period % 60 != 0) {
    return refuse(validation("Period must be 10, 20, 30 or a multiple of 60."));
  }
  if (*period * get_integer(shown, "EvaluationPeriods").value_or(1) > 604'800) {
    return refuse(validation("Metrics cannot be checked across more than seven days (EvaluationPeriods * Period)."));
  }
  return {};
}

}  // namespace

Outcome<Alarm> make_alarm(const json::object& input, std::string_view account, std::string_view region, SystemTime now,
                          const Alarm* existing) {
  Alarm alarm{.name = text(input, "AlarmName")};
  if (alarm.name.empty()) return refuse(missing("AlarmName"));
  if (alarm.name.size() > 255) return refuse(validation("AlarmName can have up to 255 characters."));
  for (const auto member : {"Metrics", "ThresholdMetricId", "EvaluationCriteria", "EvaluationInterval"}) {
    if (input.contains(member)) return refuse(not_implemented(fmt::format("An alarm with {}", member)));
  }
  auto& shown = alarm.shown;
  shown["AlarmName"] = alarm.name;
  shown["AlarmArn"] = fmt::format("arn:aws:cloudwatch:{}:{}:alarm:{}", region, account, alarm.name);
  if (const auto description = text(input, "AlarmDescription"); !description.empty()) {
    if (description.size() > 1024) return refuse(validation("AlarmDescription can have up to 1024 characters."));
    shown["AlarmDescription"] = description;
  }
  shown["AlarmConfigurationUpdatedTimestamp"] = operations::timestamp(millis(now));
  auto enabled = boolean(input, "ActionsEnabled");
  if (!enabled) return refuse(enabled.error());
  shown["ActionsEnabled"] = enabled->value_or(true);
  for (const auto member : {"OKActions", "AlarmActions", "InsufficientDataActions"}) {
    if (auto copied = copy_actions(input, member, shown); !copied) return refuse(copied.error());
  }
  for (const auto member : {"MetricName", "Namespace"}) {
    const auto given = text(input, member);
    if (given.empty()) return refuse(missing(member));
    shown[member] = given;
  }
  if (auto copied = copy_statistic(input, shown); !copied) return refuse(copied.error());
  auto named = dimensions(input);
  if (!named) return refuse(named.error());
  shown["Dimensions"] = write_dimensions(*named);
  for (const auto member : {"Period", "EvaluationPeriods", "DatapointsToAlarm"}) {
    if (auto copied = copy_whole_number(input, member, shown); !copied) return refuse(copied.error());
  }
  if (!shown.contains("EvaluationPeriods")) return refuse(missing("EvaluationPeriods"));
  if (auto checked = copy_period(shown); !checked) return refuse(checked.error());
  if (get_integer(shown, "DatapointsToAlarm").value_or(1) > *get_integer(shown, "EvaluationPeriods")) {
    return refuse(validation("DatapointsToAlarm must not be above EvaluationPeriods."));
  }
  if (const auto unit = text(input, "Unit"); !unit.empty()) {
    if (!is_unit(unit)) return refuse(invalid_value(fmt::format("The value {} for parameter Unit is invalid.", unit)));
    shown["Unit"] = unit;
  }
  auto threshold = number(input, "Threshold");
  if (!threshold) return refuse(threshold.error());
  if (!*threshold) return refuse(missing("Threshold"));
  shown["Threshold"] = **threshold;
  if (auto copied = copy_choice(
          input, "ComparisonOperator",
          {"GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold"},
          shown);
      !copied) {
    return refuse(copied.error());
  }
  if (!shown.contains("ComparisonOperator")) return refuse(missing("ComparisonOperator"));
  if (auto copied = copy_choice(input, "TreatMissingData", {"breaching", "notBreaching", "ignore", "missing"}, shown);
      !copied) {
    return refuse(copied.error());
  }
  if (auto copied = copy_choice(input, "EvaluateLowSampleCountPercentile", {"evaluate", "ignore"}, shown); !copied) {
    return refuse(copied.error());
  }
  if (existing != nullptr) {
    for (const auto member :
         {"StateValue", "StateReason", "StateReasonData", "StateUpdatedTimestamp", "StateTransitionedTimestamp"}) {
      if (const auto* value = existing->shown.if_contains(member)) shown[member] = *value;
    }
    alarm.tags = existing->tags;
  } else {
    shown["StateValue"] = "INSUFFICIENT_DATA";
    shown["StateReason"] = "Unchecked: Initial alarm creation";
    shown["StateUpdatedTimestamp"] = operations::timestamp(millis(now));
    shown["StateTransitionedTimestamp"] = operations::timestamp(millis(now));
    for (const auto& tag : objects(input, "Tags")) alarm.tags[text(tag, "Key")] = text(tag, "Value");
  }
  return alarm;
}

namespace {

std::optional<Alarm> read_alarm(std::string_view name, std::string_view stored) {
  auto o = parse_json_object(stored);
  const auto* shown = o ? get_object(*o, "shown") : nullptr;
  if (shown == nullptr) return std::nullopt;
  Alarm alarm{.name = std::string(name), .shown = *shown, .client_token = text(*o, "token")};
  if (const auto* tags = get_object(*o, "tags")) {
    for (const auto& [key, value] : *tags) alarm.tags.emplace(key, value.as_string());
  }
  if (const auto at = get_integer(*o, "evaluate")) alarm.evaluate_at = SystemTime(std::chrono::milliseconds(*at));
  return alarm;
}

}  // namespace

std::optional<Alarm> Alarms::find(std::string_view region, std::string_view name) const {
  const auto stored = store_.get(key({"alarm", region, name}));
  return stored ? read_alarm(name, *stored) : std::nullopt;
}

std::vector<Alarm> Alarms::list(std::string_view region, std::string_view after, std::string_view prefix,
                                std::size_t most) const {
  std::vector<Alarm> out;
  const auto all = key({"alarm", region});
  const auto from = after.empty() ? all : after_prefix(key({"alarm", region, after}));
  for (auto cursor = store_.scan(from, after_prefix(all)); cursor.valid() && out.size() < most; cursor.next()) {
    auto rest = cursor.key().substr(all.size());
    const auto name = take_text(rest);
    if (!name || !name->starts_with(prefix)) continue;
    if (auto alarm = read_alarm(*name, cursor.value())) out.push_back(*std::move(alarm));
  }
  return out;
}

void Alarms::put(Batch& batch, std::string_view region, const Alarm& alarm) const {
  json::object tags;
  for (const auto& [name, value] : alarm.tags) tags[name] = value;
  json::object stored{{"shown", alarm.shown}, {"tags", std::move(tags)}, {"token", alarm.client_token}};
  if (alarm.evaluate_at) stored["evaluate"] = alarm.evaluate_at->time_since_epoch().count();
  batch.put(key({"alarm", region, alarm.name}), json::serialize(stored));
}

void Alarms::remove(Batch& batch, std::string_view region, std::string_view name) const {
  batch.remove(key({"alarm", region, name}));
}

}  // namespace ads::cloud::cloudwatch
