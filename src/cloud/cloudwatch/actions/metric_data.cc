#include "base/encoding.h"
#include "cloud/cloudwatch/actions.h"
#include "cloud/cloudwatch/errors.h"

namespace ads::cloud::cloudwatch {
namespace {

constexpr std::size_t kMostData = 1000, kMostValues = 150, kMostDatapoints = 1440, kMostQueries = 500;
constexpr std::size_t kMostMetricDatapoints = 100'800, kListPage = 500;

struct Sample {
  Metric metric;
  SystemTime time;
  std::string unit;
  Aggregate aggregate;
};

// Value, Values with Counts, or StatisticValues: exactly one of them.
Outcome<Aggregate> read_values(const json::object& datum) {
  Aggregate out;
  const auto* values = get_array(datum, "Values");
  const auto* statistics = get_object(datum, "StatisticValues");
  if (int{datum.contains("Value")} + int{values != nullptr} + int{statistics != nullptr} != 1) {
    return refuse(invalid_combination("Exactly one of Value, Values and StatisticValues must be specified."));
  }
  if (statistics != nullptr) {
    double read[4] = {};
    constexpr std::string_view kMembers[] = {"SampleCount", "Sum", "Minimum", "Maximum"};
    for (std::size_t i = 0; i < 4; ++i) {
      auto value = number(*statistics, kMembers[i]);
      if (!value) return refuse(value.error());
      if (!*value) return refuse(missing(kMembers[i]));
      read[i] = **value;
    }
    if (read[0] <= 0) return refuse(invalid_value("SampleCount must be above 0."));
    out.add(read[0], read[1], read[2], read[3]);
    return out;
  }
  if (values == nullptr) {
    auto value = number(datum, "Value");
    if (!value) return refuse(value.error());
    if (!*value || !(**value >= -1e300 && **value <= 1e300))
      return refuse(invalid_value("Value must be a finite number."));
    out.add(**value);
    return out;
  }
  const auto* counts = get_array(datum, "Counts");
  if (values->size() > kMostValues) return refuse(invalid_value("Values can have up to 150 entries."));
  if (counts != nullptr && counts->size() != values->size()) {
    return refuse(invalid_combination("Values and Counts must have the same number of entries."));
  }
  for (std::size_t i = 0; i < values->size(); ++i) {
    const auto value = number((*values)[i]);
    const auto times = counts != nullptr ? number((*counts)[i]) : std::optional<double>(1);
    if (!value || !times || *times <= 0)
      return refuse(invalid_value("Values and Counts must be numbers, Counts above 0."));
    out.add(*value, *times);
  }
  return out;
}

Outcome<Sample> read_datum(const std::string& metric_namespace, const json::object& datum, SystemTime now) {
  Sample out{.metric = {metric_namespace, text(datum, "MetricName"), {}}, .unit = text(datum, "Unit")};
  auto named = dimensions(datum);
  if (!named) return refuse(named.error());
  out.metric.dimensions = *std::move(named);
  if (!out.unit.empty() && !is_unit(out.unit)) {
    return refuse(invalid_value(fmt::format("The value {} for parameter Unit is invalid.", out.unit)));
  }
  auto given = time(datum, "Timestamp");
  if (!given) return refuse(given.error());
  out.time = given->value_or(now);
  if (out.time < now - std::chrono::days(14) || out.time > now + std::chrono::hours(2)) {
    return refuse(invalid_value("Timestamp must be within the last two weeks and the next two hours."));
  }
  auto aggregate = read_values(datum);
  if (!aggregate) return refuse(aggregate.error());
  out.aggregate = *std::move(aggregate);
  return out;
}

struct Range {
  SystemTime from, to;
  std::chrono::seconds period;
};

Outcome<Range> read_range(const json::object& times, const json::object& periods) {
  auto from = time(times, "StartTime"), to = time(times, "EndTime");
  if (!from) return refuse(from.error());
  if (!to) return refuse(to.error());
  if (!*from) return refuse(missing("StartTime"));
  if (!*to) return refuse(missing("EndTime"));
  if (**from >= **to)
    return refuse(invalid_combination("The parameter StartTime must be less than the parameter EndTime."));
  auto period = number(periods, "Period");
  if (!period) return refuse(period.error());
  if (!*period) return refuse(missing("Period"));
  constexpr double kLongest = 86'400 * 365;
  const auto seconds = **period >= 0 && **period <= kLongest ? static_cast<std::int64_t>(**period) : 0;
  if (seconds == 1 || seconds == 5 || seconds == 10 || seconds == 20 || seconds == 30) {
    return refuse(not_implemented("A Period below 60 seconds"));
  }
  if (seconds < 60 || seconds % 60 != 0) {
    return refuse(invalid_value("The parameter Period must be a multiple of 60."));
  }
  return Range{**from, **to, std::chrono::seconds(seconds)};
}

std::int64_t millis(SystemTime at) {
  return at.time_since_epoch().count();
}

}  // namespace

Reply put_metric_data(Context& context, const json::object& input) {
  const auto metric_namespace = text(input, "Namespace");
  if (metric_namespace.starts_with("AWS/")) {
    return refuse(invalid_value("The value AWS/ for parameter Namespace is invalid."));
  }
  if (input.contains("EntityMetricData")) return refuse(not_implemented("PutMetricData with EntityMetricData"));
  const auto data = objects(input, "MetricData");
  if (data.empty()) return refuse(missing("MetricData"));
  if (data.size() > kMostData) return refuse(invalid_value("MetricData can have up to 1000 entries."));
  std::vector<Sample> samples;
  for (const auto& datum : data) {
    auto sample = read_datum(metric_namespace, datum, context.call.now);
    if (!sample) return refuse(sample.error());
    samples.push_back(*std::move(sample));
  }
  for (auto& sample : samples) {
    auto added = context.state.metrics.add(context.region(), sample.metric, sample.time, sample.unit, sample.aggregate);
    if (!added) return refuse(internal_failure(added.error()));
    if (context.state.watch.touched(context.region(), sample.metric, sample.time)) context.state.notifier.ring_all();
  }
  if (auto flushed = context.state.metrics.flush(); !flushed) return refuse(internal_failure(flushed.error()));
  return apply(context, {});
}

Reply get_metric_statistics(Context& context, const json::object& input) {
  const Metric metric{text(input, "Namespace"), text(input, "MetricName"), {}};
  auto named = dimensions(input);
  if (!named) return refuse(named.error());
  auto range = read_range(input, input);
  if (!range) return refuse(range.error());
  const auto plain = texts(input, "Statistics"), extended = texts(input, "ExtendedStatistics");
  if (plain.empty() && extended.empty()) {
    return refuse(missing("Statistics or ExtendedStatistics"));
  }
  for (const auto* names : {&plain, &extended}) {
    for (const auto& name : *names) {
      if (!is_statistic(name))
        return refuse(invalid_value(fmt::format("The value {} is not a valid statistic.", name)));
    }
  }
  if (static_cast<std::size_t>((range->to - range->from) / range->period) > kMostDatapoints) {
    return refuse(invalid_combination(
        "You have requested up to more than 1,440 datapoints, which exceeds the limit. You may reduce the datapoints "
        "requested by increasing Period, or decreasing the time range."));
  }
  json::array datapoints;
  const Metric wanted{metric.metric_namespace, metric.name, *std::move(named)};
  for (const auto& point : context.state.metrics.points(context.region(), wanted, range->from, range->to, range->period,
                                                        text(input, "Unit"))) {
    json::object shown{{"Timestamp", timestamp(millis(point.time))}, {"Unit", point.unit}};
    for (const auto& name : plain) shown[name] = *point.aggregate.statistic(name);
    json::object percentiles;
    for (const auto& name : extended) percentiles[name] = *point.aggregate.statistic(name);
    if (!percentiles.empty()) shown["ExtendedStatistics"] = std::move(percentiles);
    datapoints.push_back(std::move(shown));
  }
  return json::object{{"Label", wanted.name}, {"Datapoints", std::move(datapoints)}};
}

Reply get_metric_data(Context& context, const json::object& input) {
  const auto queries = objects(input, "MetricDataQueries");
  if (queries.empty()) return refuse(missing("MetricDataQueries"));
  if (queries.size() > kMostQueries) return refuse(validation("MetricDataQueries can have up to 500 entries."));
  const auto order = text(input, "ScanBy");
  json::array results;
  std::set<std::string> ids;
  std::size_t total = 0;
  for (const auto& query : queries) {
    const auto id = text(query, "Id");
    if (id.empty() || id[0] < 'a' || id[0] > 'z' || !ids.insert(id).second) {
      return refuse(validation("Every query needs an Id of its own that starts with a lower-case letter."));
    }
    const auto* stat = get_object(query, "MetricStat");
    const auto* about = stat != nullptr ? get_object(*stat, "Metric") : nullptr;
    if (query.contains("Expression")) return refuse(not_implemented("GetMetricData with an Expression (metric math)"));
    if (about == nullptr) return refuse(missing("MetricStat.Metric"));
    auto range = read_range(input, *stat);
    if (!range) return refuse(range.error());
    auto named = dimensions(*about);
    if (!named) return refuse(named.error());
    const auto statistic = text(*stat, "Stat");
    if (!is_statistic(statistic))
      return refuse(validation(fmt::format("The value {} for parameter Stat is not supported.", statistic)));
    auto wanted = boolean(query, "ReturnData");
    if (!wanted) return refuse(wanted.error());
    if (!wanted->value_or(true)) continue;
    const Metric metric{text(*about, "Namespace"), text(*about, "MetricName"), *std::move(named)};
    auto points = context.state.metrics.points(context.region(), metric, range->from, range->to, range->period,
                                               text(*stat, "Unit"));
    if (order != "TimestampAscending") std::ranges::reverse(points);
    json::array times, values;
    for (const auto& point : points) {
      times.push_back(timestamp(millis(point.time)));
      values.emplace_back(*point.aggregate.statistic(statistic));
    }
    total += values.size();
    const auto label = text(query, "Label");
    results.push_back(json::object{{"Id", id},
                                   {"Label", label.empty() ? metric.name : label},
                                   {"Timestamps", std::move(times)},
                                   {"Values", std::move(values)},
                                   {"StatusCode", "Complete"}});
  }
  if (total > kMostMetricDatapoints)
    return refuse(validation("The request asks for more than 100,800 datapoints: ask for fewer."));
  return json::object{{"MetricDataResults", std::move(results)}, {"Messages", json::array{}}};
}

Reply list_metrics(Context& context, const json::object& input) {
  auto named = dimensions(input);
  if (!named) return refuse(named.error());
  const Metric filter{text(input, "Namespace"), text(input, "MetricName"), *std::move(named)};
  const auto after = from_base64(text(input, "NextToken"));
  if (!after) return refuse(invalid_value("The NextToken is not valid."));
  std::string next;
  json::array metrics;
  for (const auto& metric : context.state.metrics.list(context.region(), filter, *after, kListPage, next)) {
    metrics.push_back(json::object{{"Namespace", metric.metric_namespace},
                                   {"MetricName", metric.name},
                                   {"Dimensions", write_dimensions(metric.dimensions)}});
  }
  json::object result{{"Metrics", std::move(metrics)}};
  if (!next.empty()) result["NextToken"] = to_base64(next);
  return result;
}

}  // namespace ads::cloud::cloudwatch
