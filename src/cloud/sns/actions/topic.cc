// CreateTopic, DeleteTopic, ListTopics, GetTopicAttributes, SetTopicAttributes.
// https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
#include "cloud/sns/actions.h"
#include "cloud/sns/attributes.h"
#include "cloud/sns/errors.h"

namespace ads::cloud::sns {

Answer create_topic(Sns& sns, Call& call, json::object input) {
  if (!text_of(input, "DataProtectionPolicy").empty())
    co_return refuse(not_implemented("the parameter DataProtectionPolicy"));
  auto tags = tags_of(input);
  if (!tags) co_return refuse(tags.error());
  auto topic = sns.create_topic(call.region, text_of(input, "Name"), map_of(input, "Attributes"), *tags);
  if (!topic) co_return refuse(topic.error());
  if (auto done = co_await sns.durable(); !done) co_return refuse(done.error());
  co_return json::object{{"TopicArn", topic->arn()}};
}

// Deleting a topic that does not exist succeeds.
Answer delete_topic(Sns& sns, Call&, json::object input) {
  auto topic = sns.topics().find_arn(text_of(input, "TopicArn"));
  if (!topic && topic.error().code != "NotFound") co_return refuse(topic.error());
  if (topic) {
    if (auto removed = sns.topics().remove(**topic); !removed) co_return refuse(removed.error());
    if (auto done = co_await sns.durable(); !done) co_return refuse(done.error());
  }
  co_return json::object();
}

Answer list_topics(Sns& sns, Call& call, json::object input) {
  auto page = sns.topics().list_topics(call.region, text_of(input, "NextToken"));
  if (!page) co_return refuse(page.error());
  json::array topics;
  for (const auto& arn : page->arns) topics.push_back(json::object{{"TopicArn", arn}});
  json::object answer{{"Topics", std::move(topics)}};
  if (!page->next_token.empty()) answer["NextToken"] = page->next_token;
  co_return answer;
}

Answer get_topic_attributes(Sns& sns, Call&, json::object input) {
  auto topic = sns.topics().find_arn(text_of(input, "TopicArn"));
  if (!topic) co_return refuse(topic.error());
  json::object attributes;
  for (const auto& [name, value] : topic_attributes((*topic)->topic)) attributes[name] = value;
  attributes["SubscriptionsConfirmed"] = std::to_string((*topic)->subscriptions->size());
  attributes["SubscriptionsPending"] = "0";
  attributes["SubscriptionsDeleted"] = "0";
  co_return json::object{{"Attributes", std::move(attributes)}};
}

Answer set_topic_attributes(Sns& sns, Call&, json::object input) {
  auto topic = sns.topics().find_arn(text_of(input, "TopicArn"));
  if (!topic) co_return refuse(topic.error());
  Topic changed = (*topic)->topic;
  auto set = set_topic_attribute(changed, changed.attributes, text_of(input, "AttributeName"),
                                 text_of(input, "AttributeValue"), Moment::changing);
  if (!set) co_return refuse(set.error());
  if (auto saved = sns.topics().save(std::move(changed)); !saved) co_return refuse(saved.error());
  if (auto done = co_await sns.durable(); !done) co_return refuse(done.error());
  co_return json::object();
}

}  // namespace ads::cloud::sns
