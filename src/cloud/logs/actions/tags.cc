// TagLogGroup, UntagLogGroup, ListTagsLogGroup, and the same by ARN: TagResource, UntagResource, ListTagsForResource.
#include "cloud/logs/actions.h"
#include "cloud/logs/errors.h"

namespace ads::cloud::logs {

namespace {

Reply add_tags(Context& context, Outcome<Group> group, const operations::TextMap& given) {
  if (!group) return refuse(group.error());
  for (const auto& [key, value] : given) group->tags[key] = value;
  if (group->tags.size() > 50)
    return refuse(400, "TooManyTagsException", "The maximum number of tags for a resource is 50.");
  return put_group(context, *group);
}

Reply remove_tags(Context& context, Outcome<Group> group, const std::vector<std::string>& keys) {
  if (!group) return refuse(group.error());
  for (const auto& key : keys) group->tags.erase(key);
  return put_group(context, *group);
}

Reply list_tags(Outcome<Group> group) {
  if (!group) return refuse(group.error());
  json::object tags;
  for (auto& [key, value] : group->tags) tags[key] = value;
  return json::object{{"tags", std::move(tags)}};
}

Outcome<Group> group_of_arn(Context& context, const json::object& input) {
  const auto arn = text(input, "resourceArn");
  if (arn.find(":log-group:") == std::string::npos)
    return refuse(invalid_member("resourceArn", arn, "Member must be the ARN of a log group"));
  return named_group(context, json::object{{"logGroupIdentifier", arn}});
}

}  // namespace

Reply tag_log_group(Context& context, const json::object& input) {
  return add_tags(context, named_group(context, input), text_map(input, "tags"));
}
Reply untag_log_group(Context& context, const json::object& input) {
  return remove_tags(context, named_group(context, input), texts(input, "tags"));
}
Reply list_tags_log_group(Context& context, const json::object& input) {
  return list_tags(named_group(context, input));
}
Reply tag_resource(Context& context, const json::object& input) {
  return add_tags(context, group_of_arn(context, input), text_map(input, "tags"));
}
Reply untag_resource(Context& context, const json::object& input) {
  return remove_tags(context, group_of_arn(context, input), texts(input, "tagKeys"));
}
Reply list_tags_for_resource(Context& context, const json::object& input) {
  return list_tags(group_of_arn(context, input));
}

}  // namespace ads::cloud::logs
