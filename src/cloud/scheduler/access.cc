#include "cloud/scheduler/access.h"

#include <fmt/core.h>

#include "cloud/access.h"
#include "cloud/scheduler/actions/actions.h"

namespace ads::cloud::scheduler {
namespace {

std::string resource_of(const Call& call, Resource resource, const json::object& input) {
  const auto given = text(input, resource.member());
  const auto own = [&](std::string_view what) {
    return fmt::format("arn:aws:scheduler:{}:{}:{}", call.region, call.account, what);
  };
  switch (resource.kind()) {
    case On::every_group:
      return own("schedule-group/*");
    case On::every_schedule:
      return own(fmt::format("schedule/{}/*", given.empty() ? "*" : given));
    case On::group:
      if (!given.empty()) return own("schedule-group/" + given);
      break;
    case On::schedule: {
      const auto group = text(input, "GroupName");
      if (!given.empty()) return own(fmt::format("schedule/{}/{}", group.empty() ? "default" : group, given));
      break;
    }
    case On::arn:
      if (!given.empty()) return given;
      break;
  }
  return std::string(kEveryResource);
}

}  // namespace

Outcome<void> authorize(const Call& call, std::string_view operation, Resource resource, const json::object& input) {
  if (!access::is_enforced(call)) return {};
  const access::Need need{fmt::format("scheduler:{}", operation), resource_of(call, resource, input)};
  if (auto allowed = access::authorize(call, need, access::kRestJsonStyle); !allowed) return allowed;
  if (operation != "CreateSchedule" && operation != "UpdateSchedule") return {};
  const auto* target = get_object(input, "Target");
  const auto role = target ? get_string(*target, "RoleArn") : std::nullopt;
  if (!role) return {};
  return access::authorize(
      call,
      access::Need{
          "iam:PassRole", std::string(*role), {{"iam:passedtoservice", access::Values{"scheduler.amazonaws.com"}}}},
      access::kRestJsonStyle);
}

}  // namespace ads::cloud::scheduler
