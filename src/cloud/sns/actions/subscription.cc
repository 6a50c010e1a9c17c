// Subscribe, ConfirmSubscription, Unsubscribe, ListSubscriptions, ListSubscriptionsByTopic,
// Get/SetSubscriptionAttributes. https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
#include "cloud/sns/actions.h"
#include "cloud/sns/attributes.h"
#include "cloud/sns/errors.h"

namespace ads::cloud::sns {
namespace {

json::object to_json(const Topics::Page& page, std::string_view account) {
  json::array subscriptions;
  for (const auto& subscription : page.subscriptions) {
    subscriptions.push_back(json::object{{"SubscriptionArn", subscription.arn()},
                                         {"Owner", account},
                                         {"Protocol", subscription.protocol},
                                         {"Endpoint", subscription.endpoint},
                                         {"TopicArn", subscription.topic_arn}});
  }
  json::object answer{{"Subscriptions", std::move(subscriptions)}};
  if (!page.next_token.empty()) answer["NextToken"] = page.next_token;
  return answer;
}

}  // namespace

Answer subscribe(Sns& sns, Call&, json::object input) {
  auto topic = sns.topics().find_arn(text_of(input, "TopicArn"));
  if (!topic) co_return refuse(topic.error());
  auto subscription =
      sns.subscribe(**topic, text_of(input, "Protocol"), text_of(input, "Endpoint"), map_of(input, "Attributes"));
  if (!subscription) {
    WireError error = subscription.error();
    // Subscribe names the parameter that the policy came in.
    constexpr std::string_view kPolicy = "Invalid parameter: FilterPolicy: ";
    if (error.message.starts_with(kPolicy)) {
      error.message = "Invalid parameter: Attributes Reason: FilterPolicy: " + error.message.substr(kPolicy.size());
    }
    co_return refuse(error);
  }
  if (auto done = co_await sns.durable(); !done) co_return refuse(done.error());
  co_return json::object{{"SubscriptionArn", subscription->arn()}};
}

// Nothing here ever waits for a confirmation, so no token was ever given out.
Answer confirm_subscription(Sns& sns, Call&, json::object input) {
  auto topic = sns.topics().find_arn(text_of(input, "TopicArn"));
  if (!topic) co_return refuse(topic.error());
  co_return refuse(invalid_parameter("Token"));
}

// Unsubscribing what is not subscribed succeeds.
Answer unsubscribe(Sns& sns, Call&, json::object input) {
  auto subscription = sns.topics().find_subscription(text_of(input, "SubscriptionArn"));
  if (!subscription && subscription.error().code != "NotFound") co_return refuse(subscription.error());
  if (subscription) {
    if (auto removed = sns.topics().remove(*subscription); !removed) co_return refuse(removed.error());
    if (auto done = co_await sns.durable(); !done) co_return refuse(done.error());
  }
  co_return json::object();
}

Answer list_subscriptions(Sns& sns, Call& call, json::object input) {
  auto page = sns.topics().list_subscriptions(call.region, "", text_of(input, "NextToken"));
  if (!page) co_return refuse(page.error());
  co_return to_json(*page, call.account);
}

Answer list_subscriptions_by_topic(Sns& sns, Call& call, json::object input) {
  auto topic = sns.topics().find_arn(text_of(input, "TopicArn"));
  if (!topic) co_return refuse(topic.error());
  auto page =
      sns.topics().list_subscriptions((*topic)->topic.region, (*topic)->topic.name, text_of(input, "NextToken"));
  if (!page) co_return refuse(page.error());
  co_return to_json(*page, call.account);
}

Answer get_subscription_attributes(Sns& sns, Call& call, json::object input) {
  auto subscription = sns.topics().find_subscription(text_of(input, "SubscriptionArn"));
  if (!subscription) co_return refuse(subscription.error());
  json::object attributes;
  for (const auto& [name, value] : subscription_attributes(*subscription, call.account)) attributes[name] = value;
  co_return json::object{{"Attributes", std::move(attributes)}};
}

Answer set_subscription_attributes(Sns& sns, Call&, json::object input) {
  auto subscription = sns.topics().find_subscription(text_of(input, "SubscriptionArn"));
  if (!subscription) co_return refuse(subscription.error());
  auto set =
      set_subscription_attribute(*subscription, text_of(input, "AttributeName"), text_of(input, "AttributeValue"));
  if (!set) co_return refuse(set.error());
  if (auto checked = check_filter(*subscription); !checked) co_return refuse(checked.error());
  if (auto saved = sns.topics().save(std::move(*subscription)); !saved) co_return refuse(saved.error());
  if (auto done = co_await sns.durable(); !done) co_return refuse(done.error());
  co_return json::object();
}

}  // namespace ads::cloud::sns
