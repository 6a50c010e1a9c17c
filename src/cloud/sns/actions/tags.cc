// TagResource, UntagResource, ListTagsForResource. https://docs.aws.amazon.com/sns/latest/api/API_TagResource.html
#include "cloud/sns/actions.h"
#include "cloud/sns/errors.h"

namespace ads::cloud::sns {
namespace {

Outcome<TopicPointer> resource_of(Sns& sns, const json::object& input) {
  auto topic = sns.topics().find_arn(text_of(input, "ResourceArn"), "ResourceArn");
  if (!topic && topic.error().code == "NotFound") return refuse(resource_not_found());
  return topic;
}

Answer save(Sns& sns, Topic topic) {
  if (topic.tags.size() > 50) co_return refuse(tag_limit());
  if (auto saved = sns.topics().save(std::move(topic)); !saved) co_return refuse(saved.error());
  if (auto done = co_await sns.durable(); !done) co_return refuse(done.error());
  co_return json::object();
}

}  // namespace

Answer tag_resource(Sns& sns, Call&, json::object input) {
  auto topic = resource_of(sns, input);
  if (!topic) co_return refuse(topic.error());
  auto tags = tags_of(input);
  if (!tags) co_return refuse(tags.error());
  Topic changed = (*topic)->topic;
  for (auto& [key, value] : *tags) changed.tags[key] = value;
  co_return co_await save(sns, std::move(changed));
}

Answer untag_resource(Sns& sns, Call&, json::object input) {
  auto topic = resource_of(sns, input);
  if (!topic) co_return refuse(topic.error());
  Topic changed = (*topic)->topic;
  for (const auto& key : texts_of(input, "TagKeys")) changed.tags.erase(key);
  co_return co_await save(sns, std::move(changed));
}

Answer list_tags_for_resource(Sns& sns, Call&, json::object input) {
  auto topic = resource_of(sns, input);
  if (!topic) co_return refuse(topic.error());
  json::array tags;
  for (const auto& [key, value] : (*topic)->topic.tags) tags.push_back(json::object{{"Key", key}, {"Value", value}});
  co_return json::object{{"Tags", std::move(tags)}};
}

}  // namespace ads::cloud::sns
