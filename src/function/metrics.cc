#include "function/metrics.h"

#include <cmath>

namespace ads::function {

std::string metrics_line(const World& world, std::string_view role, const std::vector<Metric>& metrics,
                         const json::object& properties) {
  json::array definitions;
  json::object line;
  line["_aws"] = nullptr;  // first, for those who read it
  line["Stack"] = world.stack;
  line["Role"] = role;
  for (const Metric& metric : metrics) {
    definitions.push_back(json::object{{"Name", metric.name}, {"Unit", metric.unit}});
    if (metric.value == std::floor(metric.value) && std::abs(metric.value) < 1e15)
      line[metric.name] = static_cast<std::int64_t>(metric.value);
    else
      line[metric.name] = metric.value;
  }
  for (const auto& [name, value] : properties) line[name] = value;
  json::array dimensions;
  dimensions.push_back(json::array{"Stack", "Role"});
  json::array directives;
  directives.push_back(
      json::object{{"Namespace", "ADS"}, {"Dimensions", std::move(dimensions)}, {"Metrics", std::move(definitions)}});
  line["_aws"] = json::object{{"Timestamp", world.time.now().time_since_epoch().count()},
                              {"CloudWatchMetrics", std::move(directives)}};
  return json::serialize(line);
}

std::string run_metrics(const World& world, const StoredRun& stored) {
  const batch::Run& run = stored.run;
  const batch::Counters& counters = run.counters;
  double seconds = std::max(0.001, std::chrono::duration<double>(run.end - run.start).count());
  auto records = static_cast<double>(counters.records());
  auto quarantined = static_cast<double>(counters.quarantined());
  return metrics_line(
      world, "run",
      {{"Runs", "Count", 1},
       {"RunsFailed", "Count", run.status == batch::RunStatus::failed && !run.is_canceled ? 1.0 : 0.0},
       {"RunsCanceled", "Count", run.is_canceled ? 1.0 : 0.0},
       {"Records", "Count", records},
       {"Published", "Count", static_cast<double>(counters.processed + counters.not_active + counters.not_found)},
       {"RetryQueued", "Count", static_cast<double>(counters.retry_queued)},
       {"Quarantined", "Count", quarantined},
       {"QuarantinedPercent", "Percent", records > 0 ? 100 * quarantined / records : 0},
       {"RunSeconds", "Seconds", seconds},
       {"RunBytes", "Bytes", static_cast<double>(counters.bytes)},
       {"RecordsPerSecond", "Count/Second", records / seconds},
       {"Throttles", "Count", static_cast<double>(counters.throttles)},
       {"PartialFailures", "Count", static_cast<double>(counters.partial_failures)},
       {"ApiCalls", "Count", static_cast<double>(counters.api_calls)}},
      {{"runId", run.id}, {"status", batch::to_string(run.status)}});
}

}  // namespace ads::function
