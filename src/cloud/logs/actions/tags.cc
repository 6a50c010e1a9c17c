// TagLogGroup, UntagLogGroup, ListTagsLogGroup, and the same by ARN: TagResource, UntagResource, ListTagsForResource.
#include "cloud/logs/actions/actions.h"
#include "cloud/logs/errors.h"

namespace ads::cloud::logs {

namespace {

Reply add_tags(Scope& scope, Outcome<Group> group, const json::object* given) {
  if (!group) return refuse(group.error());
  auto tags = checked_tags(given);
  if (!tags) return refuse(tags.error());
  for (auto& [key, value] : *tags) group->tags[key] = value;
  if (group->tags.size() > 50)
    return refuse(400, "TooManyTagsException", "The maximum number of tags for a resource is 50.");
  Batch batch;
  scope.state.put_group(batch, scope.region, *group);
  if (auto applied = scope.state.store().apply(std::move(batch)); !applied) return disk_failed(applied.error());
  return json::object{};
}

Reply remove_tags(Scope& scope, Outcome<Group> group, const json::array* keys) {
  if (!group) return refuse(group.error());
  if (keys)
    for (auto& key : *keys)
      if (key.is_string()) group->tags.erase(std::string(key.as_string()));
  Batch batch;
  scope.state.put_group(batch, scope.region, *group);
  if (auto applied = scope.state.store().apply(std::move(batch)); !applied) return disk_failed(applied.error());
  return json::object{};
}

Reply list_tags(Outcome<Group> group) {
  if (!group) return refuse(group.error());
  json::object tags;
  for (auto& [key, value] : group->tags) tags[key] = value;
  return json::object{{"tags", std::move(tags)}};
}

Outcome<Group> group_of_arn(Scope& scope, const json::object& input) {
  auto arn = get_string(input, "resourceArn");
  if (!arn || arn->find(":log-group:") == std::string_view::npos)
    return refuse(invalid_member("resourceArn", arn.value_or("null"), "Member must be the ARN of a log group"));
  return named_group(scope, json::object{{"logGroupIdentifier", *arn}});
}

}  // namespace

Reply tag_log_group(Scope& scope, const json::object& input) {
  return add_tags(scope, named_group(scope, input), get_object(input, "tags"));
}
Reply untag_log_group(Scope& scope, const json::object& input) {
  return remove_tags(scope, named_group(scope, input), get_array(input, "tags"));
}
Reply list_tags_log_group(Scope& scope, const json::object& input) {
  return list_tags(named_group(scope, input));
}
Reply tag_resource(Scope& scope, const json::object& input) {
  return add_tags(scope, group_of_arn(scope, input), get_object(input, "tags"));
}
Reply untag_resource(Scope& scope, const json::object& input) {
  return remove_tags(scope, group_of_arn(scope, input), get_array(input, "tagKeys"));
}
Reply list_tags_for_resource(Scope& scope, const json::object& input) {
  return list_tags(group_of_arn(scope, input));
}

}  // namespace ads::cloud::logs
