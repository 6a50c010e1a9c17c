// TagResource, UntagResource, ListTagsForResource. https://docs.aws.amazon.com/sns/latest/api/API_TagResource.html
#include "cloud/sns/actions.h"
#include "cloud/sns/errors.h"

namespace ads::cloud::sns {
namespace {

Outcome<TopicPointer> resource_of(Context& context, const json::object& input) {
  auto topic = context.topics().find_arn(text(input, "ResourceArn"), "ResourceArn");
  if (!topic && topic.error().code == "NotFound") return refuse(resource_not_found());
  return topic;
}

Reply save(Context& context, Topic topic) {
  if (topic.tags.size() > 50) return refuse(tag_limit());
  if (auto saved = context.topics().save(std::move(topic)); !saved) return refuse(saved.error());
  return json::object();
}

}  // namespace

Outcome<operations::TextMap> tags_of(const json::object& input) {
  auto tags = operations::tags(input);
  for (const auto& [key, value] : tags)
    if (key.starts_with("aws:"))
      return refuse(invalid_parameter(fmt::format("Tags Reason: '{}' is not a valid tag", key)));
  if (tags.size() > 50) return refuse(tag_limit());
  return tags;
}

Reply tag_resource(Context& context, const json::object& input) {
  auto topic = resource_of(context, input);
  if (!topic) return refuse(topic.error());
  auto tags = tags_of(input);
  if (!tags) return refuse(tags.error());
  Topic changed = (*topic)->topic;
  for (auto& [key, value] : *tags) changed.tags[key] = value;
  return save(context, std::move(changed));
}

Reply untag_resource(Context& context, const json::object& input) {
  auto topic = resource_of(context, input);
  if (!topic) return refuse(topic.error());
  Topic changed = (*topic)->topic;
  for (const auto& key : texts(input, "TagKeys")) changed.tags.erase(key);
  return save(context, std::move(changed));
}

Reply list_tags_for_resource(Context& context, const json::object& input) {
  auto topic = resource_of(context, input);
  if (!topic) return refuse(topic.error());
  json::array tags;
  for (const auto& [key, value] : (*topic)->topic.tags) tags.push_back(json::object{{"Key", key}, {"Value", value}});
  return json::object{{"Tags", std::move(tags)}};
}

}  // namespace ads::cloud::sns
