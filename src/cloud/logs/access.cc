#include "cloud/logs/access.h"

#include <fmt/core.h>

namespace ads::cloud::logs {
namespace {

// "arn:..:log-group:NAME:log-stream:STREAM". What is about a whole group names no stream, so that a policy's
// "..:log-group:NAME:*" covers the group and its streams, as it does on AWS.
std::string stream_arn(std::string_view region, std::string_view account, std::string_view group,
                       std::string_view stream) {
  return fmt::format("arn:aws:logs:{}:{}:log-group:{}:log-stream:{}", region, account, group, stream);
}

bool is_of_stream(std::string_view operation) {
  return operation == "PutLogEvents" || operation == "GetLogEvents" || operation == "DeleteLogStream";
}

// "arn:..:log-group:NAME:*" or a name -> the name.
std::string_view group_name(std::string_view group) {
  constexpr std::string_view kMark = ":log-group:";
  if (const auto at = group.find(kMark); at != group.npos) group.remove_prefix(at + kMark.size());
  return group.ends_with(":*") ? group.substr(0, group.size() - 2) : group;
}

}  // namespace

Outcome<void> authorize(const Call& call, std::string_view operation, const json::object& input) {
  if (!access::is_enforced(call)) return {};
  access::Need need{fmt::format("logs:{}", operation), ""};
  if (auto resource = get_string(input, "resourceArn")) {
    need.resource = *resource;
  } else {
    auto group = get_string(input, "logGroupName");
    if (!group) group = get_string(input, "logGroupIdentifier");
    const bool is_listing = operation == "DescribeLogGroups";
    if (!group && !is_listing) return {};  // the action refuses it in the words of validation
    const auto stream = is_of_stream(operation) ? get_string(input, "logStreamName").value_or("") : "";
    need.resource = stream_arn(call.region, call.account, is_listing ? "" : group_name(*group), stream);
  }
  return access::authorize(call, need, access::kJsonStyle);
}

Outcome<void> authorize(const Environment& environment, const Source& source, std::string_view action,
                        std::string_view region, std::string_view group, std::string_view stream) {
  const bool is_of_group = !is_of_stream(action);
  return access::authorize(
      environment, source,
      {fmt::format("logs:{}", action), stream_arn(region, environment.account, group, is_of_group ? "" : stream)});
}

}  // namespace ads::cloud::logs
