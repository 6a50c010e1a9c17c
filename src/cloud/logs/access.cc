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

Outcome<void> authorize(const Call& call, std::string_view operation, Resource resource, const json::object& input) {
  if (!access::is_enforced(call)) return {};
  const auto on = resource.kind();
  const bool takes_identifier = on == On::group_or_identifier || on == On::stream_or_identifier;
  const bool is_of_stream = on == On::stream || on == On::stream_or_identifier;
  std::vector<access::Need> needs;
  const auto add = [&](std::string arn) { needs.push_back({fmt::format("logs:{}", operation), std::move(arn)}); };
  for (const std::string_view member :
       {resource.member(), std::string_view(takes_identifier ? "logGroupIdentifier" : "")}) {
    const auto given = member.empty() ? std::nullopt : get_string(input, member);
    if (!given || given->empty()) continue;
    if (on == On::tagged_group) {
      add(fmt::format("arn:aws:logs:{}:{}:log-group:{}", call.region, call.account, group_name(*given)));
    } else {
      add(stream_arn(call.region, call.account, group_name(*given),
                     is_of_stream ? get_string(input, "logStreamName").value_or("") : ""));
    }
  }
  if (on == On::every_group) add(stream_arn(call.region, call.account, "", ""));
  if (needs.empty()) add(std::string(kEveryResource));
  return access::authorize(call, needs, access::kJsonStyle);
}

Outcome<void> authorize(const Environment& environment, const Source& source, std::string_view action,
                        std::string_view region, std::string_view group, std::string_view stream) {
  const bool is_of_group = !is_of_stream(action);
  return access::authorize(
      environment, source,
      {fmt::format("logs:{}", action), stream_arn(region, environment.account, group, is_of_group ? "" : stream)});
}

}  // namespace ads::cloud::logs
