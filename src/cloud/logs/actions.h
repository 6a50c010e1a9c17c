// CloudWatch Logs' operations, a file or a part of one in actions/ for each. Input is valid by AWS's model; those that
// change something have applied it to the store when they return.
#pragma once
#include <string>
#include <vector>

#include "cloud/logs/context.h"

namespace ads::cloud::logs {

Reply create_log_group(Context& context, const json::object& input);
Reply delete_log_group(Context& context, const json::object& input);
Reply describe_log_groups(Context& context, const json::object& input);
Reply put_retention_policy(Context& context, const json::object& input);
Reply delete_retention_policy(Context& context, const json::object& input);
Reply create_log_stream(Context& context, const json::object& input);
Reply delete_log_stream(Context& context, const json::object& input);
Reply describe_log_streams(Context& context, const json::object& input);
Reply put_log_events(Context& context, const json::object& input);
Reply get_log_events(Context& context, const json::object& input);
Reply filter_log_events(Context& context, const json::object& input);
Reply tag_log_group(Context& context, const json::object& input);
Reply untag_log_group(Context& context, const json::object& input);
Reply list_tags_log_group(Context& context, const json::object& input);
Reply tag_resource(Context& context, const json::object& input);
Reply untag_resource(Context& context, const json::object& input);
Reply list_tags_for_resource(Context& context, const json::object& input);

// Sends the metrics inside embedded-metric-format lines to CloudWatch, where it is there.
void forward_metrics(Environment& environment, const std::string& region, const std::vector<LogEvent>& events);

// ---- What several operations share ----
// The group that `logGroupName` or `logGroupIdentifier` names. Errors: InvalidParameterException for both,
// ResourceNotFoundException.
Outcome<Group> named_group(const Context& context, const json::object& input);
// A page's length: `limit`, or `fallback`.
std::size_t limit_of(const json::object& input, std::size_t fallback);
std::string group_arn(const Context& context, const Group& group);  // without ":*"
// Applies, and answers an empty result.
Reply apply(Context& context, Batch batch);
Reply put_group(Context& context, const Group& group);

}  // namespace ads::cloud::logs
