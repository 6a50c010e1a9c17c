#include "cloud/logs/embedded_metrics.h"

#include "base/json.h"

namespace ads::cloud::logs {

namespace {

constexpr std::size_t kMostMetrics = 100;    // per directive
constexpr std::size_t kMostDimensions = 30;  // per set
constexpr std::size_t kMostValues = 100;     // per metric

std::vector<double> values_of(const json::object& line, std::string_view name) {
  std::vector<double> values;
  auto* member = line.if_contains(name);
  if (!member) return values;
  if (member->is_number()) values.push_back(member->to_number<double>());
  if (member->is_array())
    for (auto& value : member->as_array())
      if (value.is_number() && values.size() < kMostValues) values.push_back(value.to_number<double>());
  return values;
}

// Every dimension of the set must be a text member of the line, or the set is dropped.
std::optional<std::map<std::string, std::string>> dimensions_of(const json::object& line, const json::value& names) {
  std::map<std::string, std::string> dimensions;
  if (!names.is_array() || names.as_array().size() > kMostDimensions) return {};
  for (auto& name : names.as_array()) {
    if (!name.is_string()) return {};
    auto value = get_string(line, name.as_string());
    if (!value) return {};
    dimensions[std::string(name.as_string())] = *value;
  }
  return dimensions;
}

}  // namespace

std::vector<MetricDatum> embedded_metrics(std::string_view message, SystemTime received) {
  std::vector<MetricDatum> data;
  if (message.find("\"CloudWatchMetrics\"") == std::string_view::npos) return data;
  auto begin = message.find('{');
  if (begin == std::string_view::npos) return data;
  auto line = parse_json_object(message.substr(begin));
  if (!line) return data;
  auto* header = get_object(*line, "_aws");
  auto* directives = header ? get_array(*header, "CloudWatchMetrics") : nullptr;
  if (!directives) return data;
  SystemTime time = received;
  if (auto stamp = get_integer(*header, "Timestamp")) time = SystemTime(std::chrono::milliseconds(*stamp));
  for (auto& entry : *directives) {
    if (!entry.is_object()) continue;
    auto& directive = entry.as_object();
    auto metric_namespace = get_string(directive, "Namespace");
    auto* metrics = get_array(directive, "Metrics");
    if (!metric_namespace || !metrics || metrics->size() > kMostMetrics) continue;
    std::vector<std::map<std::string, std::string>> sets;
    if (auto* lists = get_array(directive, "Dimensions"))
      for (auto& names : *lists)
        if (auto set = dimensions_of(*line, names)) sets.push_back(std::move(*set));
    if (sets.empty()) sets.emplace_back();
    for (auto& metric : *metrics) {
      auto name = metric.is_object() ? get_string(metric.as_object(), "Name") : std::nullopt;
      if (!name) continue;
      auto unit = get_string(metric.as_object(), "Unit").value_or("None");
      for (double value : values_of(*line, *name))
        for (auto& set : sets)
          data.push_back({std::string(*metric_namespace), std::string(*name), set, value, std::string(unit), time});
    }
  }
  return data;
}

}  // namespace ads::cloud::logs
