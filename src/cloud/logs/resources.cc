#include "cloud/logs/resources.h"

#include <fmt/core.h>

namespace ads::cloud::logs {
namespace {

// "arn:..:log-group:NAME:log-stream:STREAM". What is about a whole group names no stream, so that a policy's
// "..:log-group:NAME:*" covers the group and its streams, as it does on AWS.
std::string stream_arn(std::string_view region, std::string_view account, std::string_view group,
                       std::string_view stream) {
  return fmt::format("arn:aws:logs:{}:{}:log-group:{}:log-stream:{}", region, account, group, stream);
}

// "arn:..:log-group:NAME:*" or a name -> the name.
std::string_view group_name(std::string_view group) {
  constexpr std::string_view kMark = ":log-group:";
  if (const auto at = group.find(kMark); at != group.npos) group.remove_prefix(at + kMark.size());
  return group.ends_with(":*") ? group.substr(0, group.size() - 2) : group;
}

Needs named(const Request& request, std::initializer_list<std::string_view> members, std::string_view stream) {
  Needs needs;
  for (const auto member : members) {
    if (const auto given = request.text(member); !given.empty())
      needs.push_back({"", stream_arn(request.call.region, request.call.account, group_name(given), stream)});
  }
  return needs;
}

}  // namespace

Needs group(const Context&, const Request& request, std::string_view member) {
  return named(request, {member}, "");
}

Needs group_or_identifier(const Context&, const Request& request, std::string_view member) {
  return named(request, {member, "logGroupIdentifier"}, "");
}

Needs stream(const Context&, const Request& request, std::string_view member) {
  return named(request, {member}, request.text("logStreamName"));
}

Needs stream_or_identifier(const Context&, const Request& request, std::string_view member) {
  return named(request, {member, "logGroupIdentifier"}, request.text("logStreamName"));
}

Needs tagged_group(const Context&, const Request& request, std::string_view member) {
  const auto given = request.text(member);
  if (given.empty()) return {};
  return {{"", fmt::format("arn:aws:logs:{}:{}:log-group:{}", request.call.region, request.call.account,
                           group_name(given))}};
}

Needs every_group(const Context&, const Request& request, std::string_view) {
  return {{"", stream_arn(request.call.region, request.call.account, "", "")}};
}

Outcome<void> authorize(const Environment& environment, const Source& source, std::string_view action,
                        std::string_view region, std::string_view group, std::string_view stream) {
  const bool is_of_stream = action == "PutLogEvents";
  return access::authorize(
      environment, source,
      {fmt::format("logs:{}", action), stream_arn(region, environment.account, group, is_of_stream ? stream : "")});
}

}  // namespace ads::cloud::logs
