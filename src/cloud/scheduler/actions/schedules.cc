// CreateSchedule, GetSchedule, UpdateSchedule, DeleteSchedule, ListSchedules.
#include "base/encoding.h"
#include "cloud/scheduler/actions.h"
#include "cloud/scheduler/errors.h"
#include "cloud/scheduler/target.h"

namespace ads::cloud::scheduler {
namespace {

std::string group_in(const json::object& input) {
  const auto group = text(input, "GroupName");
  return group.empty() ? "default" : group;
}

json::object describe(const Context& context, Schedule schedule) {
  json::object out = std::move(schedule.shown);
  for (const auto member : {"StartDate", "EndDate"}) {
    if (const auto date = get_integer(out, member)) out[member] = static_cast<double>(*date) / 1000.0;
  }
  out["Arn"] = schedule_arn(context.environment().account, context.region(), schedule.group, schedule.name);
  out["GroupName"] = schedule.group;
  out["Name"] = schedule.name;
  out["CreationDate"] = wire_time(schedule.created);
  out["LastModificationDate"] = wire_time(schedule.modified);
  return out;
}

}  // namespace

Task<Outcome<Schedule>> write_schedule(State& state, std::string region, json::object input, Writing writing) {
  auto schedule = read_schedule(input, state.book.zones());
  if (!schedule) co_return refuse(schedule.error());
  auto trusted = co_await check_role(state.environment, region, schedule->group, schedule->name,
                                     text(schedule->target(), "RoleArn"));
  if (!trusted && trusted.error().status >= 500) co_return refuse(trusted.error());
  if (!trusted) {
    co_return refuse(
        validation("The execution role you provide must allow AWS EventBridge Scheduler to assume the role. (" +
                   trusted.error().message + ")"));
  }
  const auto group = state.book.find_group(region, schedule->group);
  if (!group) co_return refuse(no_such_group(schedule->group));
  if (group->is_deleting) co_return refuse(conflict(fmt::format("Schedule group {} is being deleted.", group->name)));
  const auto before = state.book.find(region, schedule->group, schedule->name);
  const auto token = text(input, "ClientToken");
  if (writing == Writing::update && !before) co_return refuse(no_such_schedule(schedule->name));
  if (writing == Writing::create && before) {
    const bool is_repeated = !token.empty() && before->client_token == token && before->shown == schedule->shown;
    if (!is_repeated) co_return refuse(conflict(fmt::format("Schedule {} already exists.", schedule->name)));
    co_return *before;
  }
  schedule->client_token = token;
  state.book.plan(*schedule, before ? &*before : nullptr, state.environment.clock.now());
  Batch batch;
  state.book.put(batch, region, *schedule, before ? &*before : nullptr);
  if (auto applied = apply(state, std::move(batch)); !applied) co_return refuse(applied.error());
  co_return *std::move(schedule);
}

Answer create_schedule(Context& context, const json::object& input) {
  auto written = co_await write_schedule(context.state, context.region(), input, Writing::create);
  if (!written) co_return refuse(written.error());
  co_return json::object{
      {"ScheduleArn", schedule_arn(context.environment().account, context.region(), written->group, written->name)}};
}

Answer update_schedule(Context& context, const json::object& input) {
  auto written = co_await write_schedule(context.state, context.region(), input, Writing::update);
  if (!written) co_return refuse(written.error());
  co_return json::object{
      {"ScheduleArn", schedule_arn(context.environment().account, context.region(), written->group, written->name)}};
}

Reply get_schedule(Context& context, const json::object& input) {
  auto schedule = context.state.book.find(context.region(), group_in(input), text(input, "Name"));
  if (!schedule) return refuse(no_such_schedule(text(input, "Name")));
  return describe(context, *std::move(schedule));
}

Reply delete_schedule(Context& context, const json::object& input) {
  const auto schedule = context.state.book.find(context.region(), group_in(input), text(input, "Name"));
  if (!schedule && is_repeated_deletion(context, input)) return json::object{};
  if (!schedule) return refuse(no_such_schedule(text(input, "Name")));
  Batch batch;
  context.state.book.remove(batch, context.region(), *schedule);
  if (auto applied = apply(context.state, std::move(batch)); !applied) return refuse(applied.error());
  remember_deletion(context, input);
  return json::object{};
}

Reply list_schedules(Context& context, const json::object& input) {
  auto page = page_of(input);
  if (!page) return refuse(page.error());
  const auto group = text(input, "GroupName"), prefix = text(input, "NamePrefix"), state = text(input, "State");
  if (!group.empty() && !context.state.book.find_group(context.region(), group)) return refuse(no_such_group(group));
  const auto wanted = [&](const Schedule& schedule) {
    return schedule.name.starts_with(prefix) && (state.empty() || text(schedule.shown, "State") == state);
  };
  std::string next;
  json::array schedules;
  for (auto& schedule : context.state.book.list(context.region(), group, wanted, *page, next)) {
    schedules.push_back(json::object{
        {"Arn", schedule_arn(context.environment().account, context.region(), schedule.group, schedule.name)},
        {"GroupName", schedule.group},
        {"Name", schedule.name},
        {"State", schedule.shown.at("State")},
        {"Target", json::object{{"Arn", schedule.target_arn()}}},
        {"CreationDate", wire_time(schedule.created)},
        {"LastModificationDate", wire_time(schedule.modified)}});
  }
  json::object out{{"Schedules", std::move(schedules)}};
  if (!next.empty()) out["NextToken"] = to_base64(next);
  return out;
}

}  // namespace ads::cloud::scheduler
