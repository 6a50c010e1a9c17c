#include "cloud/sns/actions.h"

#include "cloud/query_protocol.h"
#include "cloud/sns/access.h"
#include "cloud/sns/errors.h"

namespace ads::cloud::sns {
namespace {

using Action = Answer (*)(Sns&, Call&, json::object);

struct Row {
  const char* name;
  Action action;
  Resource resource;
  bool has_result;
};

Task<Outcome<std::string>> run(Sns& sns, const Row& row, Call& call, json::object form) {
  if (auto allowed = authorize(sns, call, row.name, row.resource, form); !allowed) co_return refuse(allowed.error());
  auto result = co_await row.action(sns, call, std::move(form));
  if (!result) co_return refuse(result.error());
  XmlWriter xml;
  write_members(xml, *result, {.maps = {"Attributes"}});
  std::string inner = xml.take();
  // An empty <..Result/> is still there: clients look for it.
  if (inner.empty() && row.has_result) inner = "\n";
  co_return inner;
}

}  // namespace

QueryOperations operations(Sns& sns) {
  static constexpr Row kActions[] = {
      {"AddPermission", add_permission, {On::topic, "TopicArn"}, false},
      {"ConfirmSubscription", confirm_subscription, {On::topic, "TopicArn"}, true},
      {"CreateTopic", create_topic, {On::topic_name, "Name"}, true},
      {"DeleteTopic", delete_topic, {On::topic, "TopicArn"}, false},
      {"GetSubscriptionAttributes", get_subscription_attributes, {On::subscription, "SubscriptionArn"}, true},
      {"GetTopicAttributes", get_topic_attributes, {On::topic, "TopicArn"}, true},
      {"ListSubscriptions", list_subscriptions, On::every_topic, true},
      {"ListSubscriptionsByTopic", list_subscriptions_by_topic, {On::topic, "TopicArn"}, true},
      {"ListTagsForResource", list_tags_for_resource, {On::topic, "ResourceArn"}, true},
      {"ListTopics", list_topics, On::every_topic, true},
      {"Publish", publish, On::publish_target, true},
      {"PublishBatch", publish_batch, {On::topic, "TopicArn"}, true},
      {"RemovePermission", remove_permission, {On::topic, "TopicArn"}, false},
      {"SetSubscriptionAttributes", set_subscription_attributes, {On::subscription, "SubscriptionArn"}, false},
      {"SetTopicAttributes", set_topic_attributes, {On::topic, "TopicArn"}, false},
      {"Subscribe", subscribe, {On::topic, "TopicArn"}, true},
      {"TagResource", tag_resource, {On::topic, "ResourceArn"}, true},
      {"Unsubscribe", unsubscribe, {On::subscription, "SubscriptionArn"}, false},
      {"UntagResource", untag_resource, {On::topic, "ResourceArn"}, true},
  };
  QueryOperations table;
  for (const Row& row : kActions)
    table[row.name] = [&sns, &row](Call& call, json::object form) { return run(sns, row, call, std::move(form)); };
  return table;
}

std::string text_of(const json::object& input, std::string_view name) {
  return std::string(get_string(input, name).value_or(""));
}

Attributes map_of(const json::object& input, std::string_view name) {
  Attributes map;
  if (const auto* object = get_object(input, name)) {
    for (const auto& member : *object) {
      if (member.value().is_string()) map[std::string(member.key())] = std::string(member.value().get_string());
    }
  }
  return map;
}

std::vector<std::string> texts_of(const json::object& input, std::string_view name) {
  std::vector<std::string> texts;
  if (const auto* array = get_array(input, name)) {
    for (const auto& value : *array) {
      if (value.is_string()) texts.emplace_back(value.get_string());
    }
  }
  return texts;
}

Outcome<std::map<std::string, std::string>> tags_of(const json::object& input) {
  std::map<std::string, std::string> tags;
  if (const auto* array = get_array(input, "Tags")) {
    for (const auto& value : *array) {
      if (!value.is_object()) return refuse(invalid_parameter("Tags"));
      const std::string key = text_of(value.get_object(), "Key");
      if (key.empty() || key.size() > 128 || key.starts_with("aws:") ||
          text_of(value.get_object(), "Value").size() > 256) {
        return refuse(invalid_parameter(fmt::format("Tags Reason: '{}' is no valid tag", key)));
      }
      tags[key] = text_of(value.get_object(), "Value");
    }
  }
  if (tags.size() > 50) return refuse(tag_limit());
  return tags;
}

}  // namespace ads::cloud::sns
