// CreateScheduleGroup, GetScheduleGroup, DeleteScheduleGroup, ListScheduleGroups, and the tags of groups.
#include "base/encoding.h"
#include "cloud/scheduler/actions/actions.h"
#include "cloud/scheduler/errors.h"

namespace ads::cloud::scheduler {
namespace {

json::object describe(const Desk& desk, const Call& call, const Group& group) {
  return {{"Arn", group_arn(desk.environment.account, call.region, group.name)},
          {"Name", group.name},
          {"State", group.is_deleting ? "DELETING" : "ACTIVE"},
          {"CreationDate", wire_time(group.created)},
          {"LastModificationDate", wire_time(group.modified)}};
}

// "arn:aws:scheduler:region:account:schedule-group/NAME"
Outcome<Group> group_of_arn(const Desk& desk, const Call& call, const json::object& input) {
  const auto arn = text(input, "ResourceArn");
  const auto prefix = group_arn(desk.environment.account, call.region, "");
  if (!arn.starts_with(prefix))
    return refuse(invalid_member("resourceArn", arn, "Member must be the ARN of a schedule group of this region"));
  auto group = desk.book.find_group(call.region, arn.substr(prefix.size()));
  if (!group) return refuse(no_such_group(arn.substr(prefix.size())));
  return *std::move(group);
}

}  // namespace

Task<Outcome<Group>> make_group(Desk& desk, std::string region, json::object input) {
  Group group{.name = text(input, "Name")};
  if (!is_name(group.name))
    co_return refuse(
        invalid_member("name", group.name, "Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$"));
  auto tags = read_tags(input);
  if (!tags) co_return refuse(tags.error());
  group.tags = *std::move(tags);
  group.client_token = text(input, "ClientToken");
  group.created = group.modified = desk.environment.clock.now();
  if (const auto existing = desk.book.find_group(region, group.name)) {
    const bool is_repeated = !group.client_token.empty() && existing->client_token == group.client_token;
    if (!is_repeated) co_return refuse(conflict(fmt::format("Schedule group {} already exists.", group.name)));
    co_return *existing;
  }
  Batch batch;
  desk.book.put(batch, region, group);
  if (auto written = co_await commit(desk, std::move(batch)); !written) co_return refuse(written.error());
  co_return group;
}

// What is in the group goes with it, in the background, as on AWS.
Task<Outcome<void>> drop_group(Desk& desk, std::string region, std::string name) {
  auto group = desk.book.find_group(region, name);
  if (!group) co_return refuse(no_such_group(name));
  if (name == "default") co_return refuse(validation("The schedule group default can't be deleted."));
  group->is_deleting = true;
  group->modified = desk.environment.clock.now();
  Batch batch;
  desk.book.put(batch, region, *group);
  if (auto written = co_await commit(desk, std::move(batch)); !written) co_return refuse(written.error());
  desk.dispatcher.remove_group(region, name);
  co_return Outcome<void>{};
}

Answer create_schedule_group(Desk& desk, Call& call, json::object input) {
  auto group = co_await make_group(desk, call.region, std::move(input));
  if (!group) co_return refuse(group.error());
  co_return json::object{{"ScheduleGroupArn", group_arn(desk.environment.account, call.region, group->name)}};
}

Answer get_schedule_group(Desk& desk, Call& call, json::object input) {
  const auto group = desk.book.find_group(call.region, text(input, "Name"));
  if (!group) co_return refuse(no_such_group(text(input, "Name")));
  co_return describe(desk, call, *group);
}

Answer delete_schedule_group(Desk& desk, Call& call, json::object input) {
  auto dropped = co_await drop_group(desk, call.region, text(input, "Name"));
  if (!dropped && dropped.error().status == 404 && is_repeated_deletion(desk, input)) co_return json::object{};
  if (!dropped) co_return refuse(dropped.error());
  remember_deletion(desk, input);
  co_return json::object{};
}

Answer list_schedule_groups(Desk& desk, Call& call, json::object input) {
  auto page = page_of(input);
  if (!page) co_return refuse(page.error());
  std::string next;
  json::array groups;
  for (const auto& group : desk.book.groups(call.region, text(input, "NamePrefix"), *page, next))
    groups.push_back(describe(desk, call, group));
  json::object out{{"ScheduleGroups", std::move(groups)}};
  if (!next.empty()) out["NextToken"] = to_base64(next);
  co_return out;
}

Answer list_tags_for_resource(Desk& desk, Call& call, json::object input) {
  const auto group = group_of_arn(desk, call, input);
  if (!group) co_return refuse(group.error());
  co_return json::object{{"Tags", write_tags(group->tags)}};
}

Answer tag_resource(Desk& desk, Call& call, json::object input) {
  auto group = group_of_arn(desk, call, input);
  if (!group) co_return refuse(group.error());
  auto tags = read_tags(input);
  if (!tags) co_return refuse(tags.error());
  for (auto& [name, value] : *tags) group->tags[name] = value;
  if (group->tags.size() > 50) co_return refuse(validation("A schedule group can have up to 50 tags."));
  Batch batch;
  desk.book.put(batch, call.region, *group);
  if (auto written = co_await commit(desk, std::move(batch)); !written) co_return refuse(written.error());
  co_return json::object{};
}

Answer untag_resource(Desk& desk, Call& call, json::object input) {
  auto group = group_of_arn(desk, call, input);
  if (!group) co_return refuse(group.error());
  if (const auto* names = get_array(input, "TagKeys"))
    for (const auto& name : *names) group->tags.erase(std::string(name.as_string()));
  Batch batch;
  desk.book.put(batch, call.region, *group);
  if (auto written = co_await commit(desk, std::move(batch)); !written) co_return refuse(written.error());
  co_return json::object{};
}

}  // namespace ads::cloud::scheduler
