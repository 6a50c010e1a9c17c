#include "cloud/cloudwatch/service.h"

#include "base/log.h"
#include "cloud/cloudwatch/protocols.h"

namespace ads::cloud::cloudwatch {
namespace {

constexpr auto kFlushDelay = std::chrono::seconds(1);

constexpr std::pair<std::string_view, Action> kActions[] = {
    {"PutMetricData", put_metric_data},
    {"GetMetricStatistics", get_metric_statistics},
    {"GetMetricData", get_metric_data},
    {"ListMetrics", list_metrics},
    {"PutMetricAlarm", put_metric_alarm},
    {"DescribeAlarms", describe_alarms},
    {"DescribeAlarmsForMetric", describe_alarms_for_metric},
    {"DeleteAlarms", delete_alarms},
    {"SetAlarmState", set_alarm_state},
    {"EnableAlarmActions", enable_alarm_actions},
    {"DisableAlarmActions", disable_alarm_actions},
    {"TagResource", tag_resource},
    {"UntagResource", untag_resource},
    {"ListTagsForResource", list_tags_for_resource},
    {"PutDashboard", put_dashboard},
    {"GetDashboard", get_dashboard},
    {"ListDashboards", list_dashboards},
    {"DeleteDashboards", delete_dashboards},
};

}  // namespace

CloudWatch::CloudWatch(Environment& environment)
    : environment_(environment),
      metrics_(environment.store, environment.clock),
      alarms_(environment.store),
      desk_{environment, metrics_, alarms_},
      tasks_(environment.executor) {
  for (const auto& [name, action] : kActions) {
    operations_.emplace(name, [this, action](Call& call, json::object input) -> Task<Outcome<json::object>> {
      return action(desk_, call, std::move(input));
    });
  }
}

Task<http::Reply> CloudWatch::answer(Call& call) {
  return answer_any(call, operations_);
}

void CloudWatch::record(const std::string& region, std::vector<MetricDatum> data) {
  for (auto& datum : data) {
    Aggregate sample;
    sample.add(datum.value);
    const Metric metric{std::move(datum.metric_namespace), std::move(datum.name), std::move(datum.dimensions)};
    auto added = metrics_.add(region, metric, datum.time, std::move(datum.unit), sample);
    if (!added) log(LogLevel::error, "a metric could not be kept", {{"error", added.error().message}});
  }
  if (metrics_.is_clean() || is_flushing_) return;
  is_flushing_ = true;
  tasks_.spawn("metrics flush", flush_soon());
}

Task<void> CloudWatch::flush_soon() {
  co_await sleep_for(kFlushDelay);
  is_flushing_ = false;
  if (auto flushed = metrics_.flush(); !flushed) {
    log(LogLevel::error, "metrics could not be written", {{"error", flushed.error().message}});
  }
}

Task<void> CloudWatch::stop() {
  co_await tasks_.stop();
  if (auto flushed = metrics_.flush(); !flushed) {
    log(LogLevel::error, "metrics could not be written", {{"error", flushed.error().message}});
  }
}

}  // namespace ads::cloud::cloudwatch
