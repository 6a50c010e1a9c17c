#include "cloud/cloudwatch/service.h"

#include "base/log.h"
#include "cloud/cloudwatch/access.h"
#include "cloud/cloudwatch/errors.h"
#include "cloud/cloudwatch/protocols.h"

namespace ads::cloud::cloudwatch {
namespace {

constexpr auto kFlushDelay = std::chrono::seconds(1);
// A machine that sleeps, or is given another time, is noticed after this long at the latest.
constexpr std::chrono::milliseconds kLongestWait = std::chrono::minutes(5);

struct Row {
  std::string_view name;
  Action action;
  Resource resource;
};
constexpr Row kActions[] = {
    {"PutMetricData", put_metric_data, On::everything},
    {"GetMetricStatistics", get_metric_statistics, On::everything},
    {"GetMetricData", get_metric_data, On::everything},
    {"ListMetrics", list_metrics, On::everything},
    {"PutMetricAlarm", put_metric_alarm, {On::alarm, "AlarmName"}},
    {"DescribeAlarms", describe_alarms, On::every_alarm},
    {"DescribeAlarmsForMetric", describe_alarms_for_metric, On::everything},
    {"DescribeAlarmHistory", describe_alarm_history, {On::alarm_or_every, "AlarmName"}},
    {"DeleteAlarms", delete_alarms, {On::alarms, "AlarmNames"}},
    {"SetAlarmState", set_alarm_state, {On::alarm, "AlarmName"}},
    {"EnableAlarmActions", enable_alarm_actions, {On::alarms, "AlarmNames"}},
    {"DisableAlarmActions", disable_alarm_actions, {On::alarms, "AlarmNames"}},
    {"TagResource", tag_resource, {On::arn, "ResourceARN"}},
    {"UntagResource", untag_resource, {On::arn, "ResourceARN"}},
    {"ListTagsForResource", list_tags_for_resource, {On::arn, "ResourceARN"}},
    {"PutDashboard", put_dashboard, {On::dashboard, "DashboardName"}},
    {"GetDashboard", get_dashboard, {On::dashboard, "DashboardName"}},
    {"ListDashboards", list_dashboards, On::everything},
    {"DeleteDashboards", delete_dashboards, {On::dashboards, "DashboardNames"}},
};

}  // namespace

CloudWatch::CloudWatch(Environment& environment)
    : environment_(environment),
      metrics_(environment.store, environment.clock),
      alarms_(environment.store),
      history_(environment.store),
      watch_(environment, metrics_, alarms_, history_),
      bell_(environment.executor),
      desk_{environment, metrics_, alarms_, history_, watch_, bell_},
      tasks_(environment.executor) {
  for (const Row& row : kActions) {
    operations_.emplace(row.name, [this, &row](Call& call, json::object input) -> Task<Outcome<json::object>> {
      if (auto allowed = authorize(call, row.name, row.resource, input); !allowed) co_return refuse(allowed.error());
      co_return co_await row.action(desk_, call, std::move(input));
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
    if (watch_.touched(region, metric, datum.time)) bell_.ring_all();
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

Task<void> CloudWatch::start() {
  tasks_.spawn("alarms", watch_alarms());
  co_return;
}

Task<void> CloudWatch::watch_alarms() {
  using Steady = std::chrono::steady_clock;
  for (;;) {
    while (auto pending = watch_.first_notice()) co_await tell(*std::move(pending));
    const auto now = environment_.clock.now();
    auto turned = watch_.turn(now);
    if (!turned) log(LogLevel::error, "alarms could not be evaluated", {{"error", turned.error().message}});
    if (watch_.first_notice()) continue;
    const auto next = turned && *turned ? std::optional(now) : watch_.next_due();
    if (!turned) {
      co_await sleep_for(std::chrono::seconds(1));
    } else if (!next) {
      co_await bell_.wait();
    } else {
      co_await bell_.wait_until(Steady::now() + std::min<std::chrono::milliseconds>(*next - now, kLongestWait));
    }
  }
}

// Topics hear of a change of state; other actions (Auto Scaling, EC2) do not exist here, and the history says so.
Task<void> CloudWatch::tell(Watch::Pending pending) {
  std::optional<WireError> failure;
  const auto& notice = pending.notice;
  if (!notice.action.starts_with("arn:aws:sns:")) {
    failure = not_implemented("the alarm action " + notice.action);
  } else if (environment_.topics != nullptr) {
    OutgoingMessage message{.body = notice.message};
    auto sent = co_await environment_.topics->publish(
        notice.action, notice.subject, std::move(message),
        {"cloudwatch.amazonaws.com",
         fmt::format("arn:aws:cloudwatch:{}:{}:alarm:{}", notice.region, environment_.account, notice.alarm)});
    if (!sent) failure = sent.error();
  }
  if (failure)
    log(LogLevel::warning, "an alarm's action failed", {{"action", notice.action}, {"error", failure->message}});
  if (auto settled = watch_.settle(pending, failure); !settled) {
    log(LogLevel::error, "an alarm's history could not be written", {{"error", settled.error().message}});
    co_await sleep_for(std::chrono::seconds(1));
  }
}

Task<void> CloudWatch::stop() {
  co_await tasks_.stop();
  if (auto flushed = metrics_.flush(); !flushed) {
    log(LogLevel::error, "metrics could not be written", {{"error", flushed.error().message}});
  }
}

}  // namespace ads::cloud::cloudwatch
