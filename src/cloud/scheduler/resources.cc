#include "cloud/scheduler/resources.h"

#include <fmt/core.h>

namespace ads::cloud::scheduler {
namespace {

Needs own(const Request& request, std::string_view what) {
  return {{"", fmt::format("arn:aws:scheduler:{}:{}:{}", request.call.region, request.call.account, what)}};
}

}  // namespace

Needs schedule(const Context&, const Request& request, std::string_view member) {
  const auto name = request.text(member), group = request.text("GroupName");
  if (name.empty()) return {};
  return own(request, fmt::format("schedule/{}/{}", group.empty() ? "default" : group, name));
}

Needs schedule_with_role(const Context& context, const Request& request, std::string_view member) {
  auto needs = schedule(context, request, member);
  if (needs.empty()) needs.emplace_back();
  const auto* target = get_object(request.input, "Target");
  if (const auto role = target ? get_string(*target, "RoleArn") : std::nullopt) {
    needs.push_back(
        {"iam:PassRole", std::string(*role), {{"iam:passedtoservice", access::Values{"scheduler.amazonaws.com"}}}});
  }
  return needs;
}

Needs schedules(const Context&, const Request& request, std::string_view member) {
  const auto group = request.text(member);
  return own(request, fmt::format("schedule/{}/*", group.empty() ? "*" : group));
}

Needs group(const Context&, const Request& request, std::string_view member) {
  const auto name = request.text(member);
  if (name.empty()) return {};
  return own(request, "schedule-group/" + name);
}

Needs every_group(const Context&, const Request& request, std::string_view) {
  return own(request, "schedule-group/*");
}

Needs tagged(const Context&, const Request& request, std::string_view member) {
  return {{"", request.text(member)}};
}

}  // namespace ads::cloud::scheduler
