#include "cloud/scheduler/access.h"

#include <fmt/core.h>

#include "base/encoding.h"
#include "base/json.h"
#include "cloud/access.h"

namespace ads::cloud::scheduler {
namespace {

std::string_view verb(std::string_view method) {
  return method == "POST" ? "Create" : method == "PUT" ? "Update" : method == "DELETE" ? "Delete" : "Get";
}

std::string_view tag_operation(std::string_view method) {
  return method == "POST" ? "TagResource" : method == "DELETE" ? "UntagResource" : "ListTagsForResource";
}

}  // namespace

// POST /schedules/NAME, GET /schedules, PUT /schedule-groups/NAME, DELETE /tags/ARN, ...
Outcome<void> authorize(const Call& call, std::string_view body) {
  if (!access::is_enforced(call)) return {};
  const auto [path, query] = http::split_target(call.request.head.target);
  const std::string_view method = call.request.head.method;
  const auto second = path.find('/', 1);
  const auto kind = path.substr(0, second);
  const auto name = second == path.npos ? "" : percent_decode(path.substr(second + 1));
  auto input = parse_json_object(body.empty() ? "{}" : body);
  std::string group = input ? std::string(get_string(*input, "GroupName").value_or("")) : "";
  for (auto& [parameter, value] : http::parse_query(query))
    if (parameter == "groupName" || parameter == "ScheduleGroup") group = value;

  access::Need need;
  const auto own = [&](std::string_view what) {
    return fmt::format("arn:aws:scheduler:{}:{}:{}", call.region, call.account, what);
  };
  if (kind == "/tags") {
    need = {fmt::format("scheduler:{}", tag_operation(method)), name};
  } else if (kind == "/schedule-groups") {
    need = name.empty()
               ? access::Need{"scheduler:ListScheduleGroups", own("schedule-group/*")}
               : access::Need{fmt::format("scheduler:{}ScheduleGroup", verb(method)), own("schedule-group/" + name)};
  } else if (kind == "/schedules") {
    if (group.empty()) group = name.empty() ? "*" : "default";
    need = name.empty() ? access::Need{"scheduler:ListSchedules", own(fmt::format("schedule/{}/*", group))}
                        : access::Need{fmt::format("scheduler:{}Schedule", verb(method)),
                                       own(fmt::format("schedule/{}/{}", group, name))};
  } else {
    return {};
  }
  if (auto allowed = access::authorize(call, need, access::kRestJsonStyle); !allowed) return allowed;
  const auto* target = input ? get_object(*input, "Target") : nullptr;
  const auto role = target ? get_string(*target, "RoleArn") : std::nullopt;
  if (!role || method == "GET" || method == "DELETE") return {};
  return access::authorize(
      call,
      access::Need{
          "iam:PassRole", std::string(*role), {{"iam:passedtoservice", access::Values{"scheduler.amazonaws.com"}}}},
      access::kRestJsonStyle);
}

}  // namespace ads::cloud::scheduler
