#include "cloud/cloudwatch/operations.h"

#include "cloud/cloudwatch/actions.h"
#include "cloud/cloudwatch/errors.h"
#include "cloud/cloudwatch/resources.h"

namespace ads::cloud::cloudwatch {
namespace {

using operations::Effect;

constexpr std::string_view kModel =
#include "cloud/cloudwatch/model.inc"
    ;

std::optional<WireError> invalid(std::string_view, const operations::Violations& found) {
  const auto& first = found.front();
  if (first.kind == operations::Violation::Kind::missing && first.value == "null") {
    auto member = first.member;
    member[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(member[0])));
    return missing(member);
  }
  return validation(operations::describe(found));
}

// Query for clients up to 2024, CBOR for those since, and JSON.
const operations::Api kApi{
    .model = kModel,
    .permission = "cloudwatch",
    .json = {.content_type = "application/x-amz-json-1.0",
             .target_prefix = "GraniteServiceVersion20100801.",
             .error_prefix = "com.amazonaws.cloudwatch#",
             .is_query_compatible = true},
    .query = {.xml_namespace = "http://monitoring.amazonaws.com/doc/2010-08-01/"},
    .cbor_path = "/service/GraniteServiceVersion20100801/operation/",
    .takes_gzip = true,
    .denied = {},
    .invalid = invalid,
};

constexpr operations::Row<Context> kOperations[] = {
    {"PutMetricData", Effect::write, {metrics_to_put, "Namespace"}, put_metric_data, 2u << 20},
    {"GetMetricStatistics", Effect::read, metrics, get_metric_statistics},
    {"GetMetricData", Effect::read, metrics, get_metric_data},
    {"ListMetrics", Effect::read, metrics, list_metrics},
    {"PutMetricAlarm", Effect::write, {alarm, "AlarmName"}, put_metric_alarm},
    {"DescribeAlarms", Effect::read, every_alarm, describe_alarms},
    {"DescribeAlarmsForMetric", Effect::read, metrics, describe_alarms_for_metric},
    {"DescribeAlarmHistory", Effect::read, {alarm_or_every, "AlarmName"}, describe_alarm_history},
    {"DeleteAlarms", Effect::write, {alarms, "AlarmNames"}, delete_alarms},
    {"SetAlarmState", Effect::write, {alarm, "AlarmName"}, set_alarm_state},
    {"EnableAlarmActions", Effect::write, {alarms, "AlarmNames"}, enable_alarm_actions},
    {"DisableAlarmActions", Effect::write, {alarms, "AlarmNames"}, disable_alarm_actions},
    {"TagResource", Effect::write, {tagged, "ResourceARN"}, tag_resource},
    {"UntagResource", Effect::write, {tagged, "ResourceARN"}, untag_resource},
    {"ListTagsForResource", Effect::read, {tagged, "ResourceARN"}, list_tags_for_resource},
    {"PutDashboard", Effect::write, {dashboard, "DashboardName"}, put_dashboard},
    {"GetDashboard", Effect::read, {dashboard, "DashboardName"}, get_dashboard},
    {"ListDashboards", Effect::read, every_dashboard, list_dashboards},
    {"DeleteDashboards", Effect::write, {dashboards, "DashboardNames"}, delete_dashboards},
};

}  // namespace

operations::Pipeline make_pipeline(Environment& environment, State& state) {
  return {environment, kApi, kOperations, [&](const Call& call) { return Context{state, call}; }};
}

}  // namespace ads::cloud::cloudwatch
