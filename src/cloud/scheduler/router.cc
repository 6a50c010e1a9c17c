#include "cloud/scheduler/router.h"

#include "base/encoding.h"
#include "http/message.h"

namespace ads::cloud::scheduler {
namespace {

struct Entry {
  std::string_view method, path;
  std::string_view member;  // what stands behind the path, to its end; empty: nothing does
  std::string_view operation;
  Resource resource;
  Action action;
};

constexpr Entry kEntries[] = {
    {"POST", "/schedules/", "Name", "CreateSchedule", {On::schedule, "Name"}, create_schedule},
    {"GET", "/schedules/", "Name", "GetSchedule", {On::schedule, "Name"}, get_schedule},
    {"PUT", "/schedules/", "Name", "UpdateSchedule", {On::schedule, "Name"}, update_schedule},
    {"DELETE", "/schedules/", "Name", "DeleteSchedule", {On::schedule, "Name"}, delete_schedule},
    {"GET", "/schedules", "", "ListSchedules", {On::every_schedule, "GroupName"}, list_schedules},
    {"POST", "/schedule-groups/", "Name", "CreateScheduleGroup", {On::group, "Name"}, create_schedule_group},
    {"GET", "/schedule-groups/", "Name", "GetScheduleGroup", {On::group, "Name"}, get_schedule_group},
    {"DELETE", "/schedule-groups/", "Name", "DeleteScheduleGroup", {On::group, "Name"}, delete_schedule_group},
    {"GET", "/schedule-groups", "", "ListScheduleGroups", On::every_group, list_schedule_groups},
    {"GET", "/tags/", "ResourceArn", "ListTagsForResource", {On::arn, "ResourceArn"}, list_tags_for_resource},
    {"POST", "/tags/", "ResourceArn", "TagResource", {On::arn, "ResourceArn"}, tag_resource},
    {"DELETE", "/tags/", "ResourceArn", "UntagResource", {On::arn, "ResourceArn"}, untag_resource},
};

// The query spells some members in its own way.
std::string_view member_of(std::string_view name) {
  if (name == "groupName" || name == "ScheduleGroup") return "GroupName";
  if (name == "clientToken") return "ClientToken";
  return name;
}

void add_query(std::string_view query, json::object& members) {
  for (const auto& [name, value] : http::parse_query(query)) {
    if (name == "TagKeys") {
      if (!members.contains(name)) members[name] = json::array{};
      members[name].as_array().push_back(json::value(value));
    } else {
      members[member_of(name)] = value;
    }
  }
}

}  // namespace

std::optional<Route> find_route(std::string_view method, std::string_view target) {
  const auto [path, query] = http::split_target(target);
  for (const auto& entry : kEntries) {
    const bool fits =
        entry.member.empty() ? path == entry.path : path.starts_with(entry.path) && path.size() > entry.path.size();
    if (entry.method != method || !fits) continue;
    Route route{entry.operation, entry.resource, entry.action, {}};
    add_query(query, route.members);
    if (!entry.member.empty()) route.members[entry.member] = percent_decode(path.substr(entry.path.size()));
    return route;
  }
  return std::nullopt;
}

}  // namespace ads::cloud::scheduler
