// CreateTopic, DeleteTopic, ListTopics, GetTopicAttributes, SetTopicAttributes.
// https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
#include "cloud/sns/actions.h"
#include "cloud/sns/attributes.h"
#include "cloud/sns/errors.h"

namespace ads::cloud::sns {

Reply create_topic(Context& context, const json::object& input) {
  if (!text(input, "DataProtectionPolicy").empty())
    return refuse(not_implemented("the parameter DataProtectionPolicy"));
  auto tags = tags_of(input);
  if (!tags) return refuse(tags.error());
  auto topic = context.sns.create_topic(context.call.region, text(input, "Name"),
                                        text_map<Attributes>(input, "Attributes"), *tags);
  if (!topic) return refuse(topic.error());
  return json::object{{"TopicArn", topic->arn()}};
}

// Deleting a topic that does not exist succeeds.
Reply delete_topic(Context& context, const json::object& input) {
  auto topic = context.topics().find_arn(text(input, "TopicArn"));
  if (!topic && topic.error().code != "NotFound") return refuse(topic.error());
  if (topic) {
    if (auto removed = context.topics().remove(**topic); !removed) return refuse(removed.error());
  }
  return json::object();
}

Reply list_topics(Context& context, const json::object& input) {
  auto page = context.topics().list_topics(context.call.region, text(input, "NextToken"));
  if (!page) return refuse(page.error());
  json::array topics;
  for (const auto& arn : page->arns) topics.push_back(json::object{{"TopicArn", arn}});
  json::object answer{{"Topics", std::move(topics)}};
  if (!page->next_token.empty()) answer["NextToken"] = page->next_token;
  return answer;
}

Reply get_topic_attributes(Context& context, const json::object& input) {
  auto topic = context.topics().find_arn(text(input, "TopicArn"));
  if (!topic) return refuse(topic.error());
  json::object attributes;
  for (const auto& [name, value] : topic_attributes((*topic)->topic)) attributes[name] = value;
  attributes["SubscriptionsConfirmed"] = std::to_string((*topic)->subscriptions->size());
  attributes["SubscriptionsPending"] = "0";
  attributes["SubscriptionsDeleted"] = "0";
  return json::object{{"Attributes", std::move(attributes)}};
}

Reply set_topic_attributes(Context& context, const json::object& input) {
  auto topic = context.topics().find_arn(text(input, "TopicArn"));
  if (!topic) return refuse(topic.error());
  Topic changed = (*topic)->topic;
  auto set = set_topic_attribute(changed, changed.attributes, text(input, "AttributeName"),
                                 text(input, "AttributeValue"), Moment::changing);
  if (!set) return refuse(set.error());
  if (auto saved = context.topics().save(std::move(changed)); !saved) return refuse(saved.error());
  return json::object();
}

}  // namespace ads::cloud::sns
