// CloudWatch Logs' operations. Each reads its input as AWS's model shapes it and answers likewise; those that change
// something have applied it to the store when they return, and the service waits for the disk before it answers.
#pragma once
#include <string>

#include "base/json.h"
#include "cloud/environment.h"
#include "cloud/logs/state.h"
#include "cloud/wire_error.h"

namespace ads::cloud::logs {

// What an operation works on.
struct Scope {
  State& state;
  Environment& environment;
  std::string region;
};

using Reply = Outcome<json::object>;

Reply create_log_group(Scope& scope, const json::object& input);
Reply delete_log_group(Scope& scope, const json::object& input);
Reply describe_log_groups(Scope& scope, const json::object& input);
Reply put_retention_policy(Scope& scope, const json::object& input);
Reply delete_retention_policy(Scope& scope, const json::object& input);
Reply create_log_stream(Scope& scope, const json::object& input);
Reply delete_log_stream(Scope& scope, const json::object& input);
Reply describe_log_streams(Scope& scope, const json::object& input);
Reply put_log_events(Scope& scope, const json::object& input);
Reply get_log_events(Scope& scope, const json::object& input);
Reply filter_log_events(Scope& scope, const json::object& input);
Reply tag_log_group(Scope& scope, const json::object& input);
Reply untag_log_group(Scope& scope, const json::object& input);
Reply list_tags_log_group(Scope& scope, const json::object& input);
Reply tag_resource(Scope& scope, const json::object& input);
Reply untag_resource(Scope& scope, const json::object& input);
Reply list_tags_for_resource(Scope& scope, const json::object& input);

// Sends the metrics inside embedded-metric-format lines to CloudWatch, where it is there.
void forward_metrics(Environment& environment, const std::string& region, const std::vector<LogEvent>& events);

// ---- What several operations check ----
// The group that `logGroupName` or `logGroupIdentifier` names.
Outcome<Group> named_group(Scope& scope, const json::object& input);
Outcome<std::string> checked_name(const json::object& input, std::string_view member);  // group and stream names
// `limit` within 1..most. Errors: InvalidParameterException.
Outcome<std::size_t> checked_limit(const json::object& input, std::size_t fallback, std::size_t most);
std::string group_arn(const Scope& scope, const Group& group);  // without ":*"
Outcome<std::map<std::string, std::string>> checked_tags(const json::object* tags);
// The retention periods AWS offers. Errors: InvalidParameterException.
Outcome<int> checked_retention(std::optional<std::int64_t> days);
inline std::unexpected<WireError> disk_failed(const Error& error) {
  return refuse(internal_failure(error));
}

}  // namespace ads::cloud::logs
