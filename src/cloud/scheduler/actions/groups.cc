// CreateScheduleGroup, GetScheduleGroup, DeleteScheduleGroup, ListScheduleGroups, and the tags of groups.
#include "base/encoding.h"
#include "cloud/scheduler/actions.h"
#include "cloud/scheduler/errors.h"

namespace ads::cloud::scheduler {
namespace {

json::object describe(const Context& context, const Group& group) {
  return {{"Arn", group_arn(context.environment().account, context.region(), group.name)},
          {"Name", group.name},
          {"State", group.is_deleting ? "DELETING" : "ACTIVE"},
          {"CreationDate", wire_time(group.created)},
          {"LastModificationDate", wire_time(group.modified)}};
}

// "arn:aws:scheduler:region:account:schedule-group/NAME"
Outcome<Group> group_of_arn(const Context& context, const json::object& input) {
  const auto arn = text(input, "ResourceArn");
  const auto prefix = group_arn(context.environment().account, context.region(), "");
  if (!arn.starts_with(prefix))
    return refuse(invalid_member("resourceArn", arn, "Member must be the ARN of a schedule group of this region"));
  auto group = context.state.book.find_group(context.region(), arn.substr(prefix.size()));
  if (!group) return refuse(no_such_group(arn.substr(prefix.size())));
  return *std::move(group);
}

}  // namespace

Outcome<Group> make_group(State& state, const std::string& region, const json::object& input) {
  Group group{.name = text(input, "Name")};
  if (!is_name(group.name))
    return refuse(
        invalid_member("name", group.name, "Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$"));
  auto tags = read_tags(input);
  if (!tags) return refuse(tags.error());
  group.tags = *std::move(tags);
  group.client_token = text(input, "ClientToken");
  group.created = group.modified = state.environment.clock.now();
  if (const auto existing = state.book.find_group(region, group.name)) {
    const bool is_repeated = !group.client_token.empty() && existing->client_token == group.client_token;
    if (!is_repeated) return refuse(conflict(fmt::format("Schedule group {} already exists.", group.name)));
    return *existing;
  }
  Batch batch;
  state.book.put(batch, region, group);
  if (auto applied = apply(state, std::move(batch)); !applied) return refuse(applied.error());
  return group;
}

Outcome<void> drop_group(State& state, const std::string& region, const std::string& name) {
  auto group = state.book.find_group(region, name);
  if (!group) return refuse(no_such_group(name));
  if (name == "default") return refuse(validation("The schedule group default can't be deleted."));
  group->is_deleting = true;
  group->modified = state.environment.clock.now();
  Batch batch;
  state.book.put(batch, region, *group);
  if (auto applied = apply(state, std::move(batch)); !applied) return refuse(applied.error());
  state.dispatcher.remove_group(region, name);
  return {};
}

Reply create_schedule_group(Context& context, const json::object& input) {
  auto group = make_group(context.state, context.region(), input);
  if (!group) return refuse(group.error());
  return json::object{{"ScheduleGroupArn", group_arn(context.environment().account, context.region(), group->name)}};
}

Reply get_schedule_group(Context& context, const json::object& input) {
  const auto group = context.state.book.find_group(context.region(), text(input, "Name"));
  if (!group) return refuse(no_such_group(text(input, "Name")));
  return describe(context, *group);
}

Reply delete_schedule_group(Context& context, const json::object& input) {
  auto dropped = drop_group(context.state, context.region(), text(input, "Name"));
  if (!dropped && dropped.error().status == 404 && is_repeated_deletion(context, input)) return json::object{};
  if (!dropped) return refuse(dropped.error());
  remember_deletion(context, input);
  return json::object{};
}

Reply list_schedule_groups(Context& context, const json::object& input) {
  auto page = page_of(input);
  if (!page) return refuse(page.error());
  std::string next;
  json::array groups;
  for (const auto& group : context.state.book.groups(context.region(), text(input, "NamePrefix"), *page, next))
    groups.push_back(describe(context, group));
  json::object out{{"ScheduleGroups", std::move(groups)}};
  if (!next.empty()) out["NextToken"] = to_base64(next);
  return out;
}

Reply list_tags_for_resource(Context& context, const json::object& input) {
  const auto group = group_of_arn(context, input);
  if (!group) return refuse(group.error());
  return json::object{{"Tags", write_tags(group->tags)}};
}

Reply tag_resource(Context& context, const json::object& input) {
  auto group = group_of_arn(context, input);
  if (!group) return refuse(group.error());
  auto tags = read_tags(input);
  if (!tags) return refuse(tags.error());
  for (auto& [name, value] : *tags) group->tags[name] = value;
  if (group->tags.size() > 50) return refuse(validation("A schedule group can have up to 50 tags."));
  Batch batch;
  context.state.book.put(batch, context.region(), *group);
  if (auto applied = apply(context.state, std::move(batch)); !applied) return refuse(applied.error());
  return json::object{};
}

Reply untag_resource(Context& context, const json::object& input) {
  auto group = group_of_arn(context, input);
  if (!group) return refuse(group.error());
  for (const auto& name : texts(input, "TagKeys")) group->tags.erase(name);
  Batch batch;
  context.state.book.put(batch, context.region(), *group);
  if (auto applied = apply(context.state, std::move(batch)); !applied) return refuse(applied.error());
  return json::object{};
}

}  // namespace ads::cloud::scheduler
