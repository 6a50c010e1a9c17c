#include "cloud/scheduler/operations.h"

#include "cloud/scheduler/actions.h"
#include "cloud/scheduler/errors.h"
#include "cloud/scheduler/resources.h"

namespace ads::cloud::scheduler {
namespace {

using operations::Effect;

constexpr std::string_view kModel =
#include "cloud/scheduler/model.inc"
    ;

std::optional<WireError> invalid(std::string_view, const operations::Violations& found) {
  return validation(operations::describe(found));
}

const operations::Api kApi{
    .model = kModel,
    .permission = "scheduler",
    .rest = {.refusal = with_message},
    .denied = access::kRestJsonStyle,
    .invalid = invalid,
};

constexpr operations::Row<Context> kOperations[] = {
    {"CreateSchedule", Effect::write, {schedule_with_role, "Name"}, create_schedule},
    {"GetSchedule", Effect::read, {schedule, "Name"}, get_schedule},
    {"UpdateSchedule", Effect::write, {schedule_with_role, "Name"}, update_schedule},
    {"DeleteSchedule", Effect::write, {schedule, "Name"}, delete_schedule},
    {"ListSchedules", Effect::read, {schedules, "GroupName"}, list_schedules},
    {"CreateScheduleGroup", Effect::write, {group, "Name"}, create_schedule_group},
    {"GetScheduleGroup", Effect::read, {group, "Name"}, get_schedule_group},
    {"DeleteScheduleGroup", Effect::write, {group, "Name"}, delete_schedule_group},
    {"ListScheduleGroups", Effect::read, every_group, list_schedule_groups},
    {"ListTagsForResource", Effect::read, {tagged, "ResourceArn"}, list_tags_for_resource},
    {"TagResource", Effect::write, {tagged, "ResourceArn"}, tag_resource},
    {"UntagResource", Effect::write, {tagged, "ResourceArn"}, untag_resource},
};

}  // namespace

operations::Pipeline make_pipeline(Environment& environment, State& state) {
  return {environment, kApi, kOperations, [&](const Call& call) { return Context{state, call}; }};
}

}  // namespace ads::cloud::scheduler
