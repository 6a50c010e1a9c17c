// CloudWatch's operations, a file or a part of one in actions/ for each. Input is valid by AWS's model; those that
// change something have applied it to the store when they return.
#pragma once
#include "cloud/cloudwatch/context.h"

namespace ads::cloud::cloudwatch {

Reply put_metric_data(Context& context, const json::object& input);
Reply get_metric_statistics(Context& context, const json::object& input);
Reply get_metric_data(Context& context, const json::object& input);
Reply list_metrics(Context& context, const json::object& input);
Reply put_metric_alarm(Context& context, const json::object& input);
Reply describe_alarms(Context& context, const json::object& input);
Reply describe_alarms_for_metric(Context& context, const json::object& input);
Reply describe_alarm_history(Context& context, const json::object& input);
Reply delete_alarms(Context& context, const json::object& input);
Reply set_alarm_state(Context& context, const json::object& input);
Reply enable_alarm_actions(Context& context, const json::object& input);
Reply disable_alarm_actions(Context& context, const json::object& input);
Reply tag_resource(Context& context, const json::object& input);
Reply untag_resource(Context& context, const json::object& input);
Reply list_tags_for_resource(Context& context, const json::object& input);
Reply put_dashboard(Context& context, const json::object& input);
Reply get_dashboard(Context& context, const json::object& input);
Reply list_dashboards(Context& context, const json::object& input);
Reply delete_dashboards(Context& context, const json::object& input);

// Applies the batch, and answers `result`.
Reply apply(Context& context, Batch batch, json::object result = {});

}  // namespace ads::cloud::cloudwatch
