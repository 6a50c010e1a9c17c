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

Reply subscribe(Context& context, const json::object& input) {
  auto topic = context.topics().find_arn(text(input, "TopicArn"));
  if (!topic) return refuse(topic.error());
  auto subscription = context.sns.subscribe(**topic, text(input, "Protocol"), text(input, "Endpoint"),
                                            text_map<Attributes>(input, "Attributes"));
  if (!subscription) {
    WireError error = subscription.error();
    // Subscribe names the parameter that the policy came in.
    constexpr std::string_view kPolicy = "Invalid parameter: FilterPolicy: ";
    if (error.message.starts_with(kPolicy)) {
      error.message = "Invalid parameter: Attributes Reason: FilterPolicy: " + error.message.substr(kPolicy.size());
    }
    return refuse(error);
  }
  return json::object{{"SubscriptionArn", subscription->arn()}};
}

// Nothing here ever waits for a confirmation, so no token was ever given out.
Reply confirm_subscription(Context& context, const json::object& input) {
  auto topic = context.topics().find_arn(text(input, "TopicArn"));
  if (!topic) return refuse(topic.error());
  return refuse(invalid_parameter("Token"));
}

// Unsubscribing what is not subscribed succeeds.
Reply unsubscribe(Context& context, const json::object& input) {
  auto subscription = context.topics().find_subscription(text(input, "SubscriptionArn"));
  if (!subscription && subscription.error().code != "NotFound") return refuse(subscription.error());
  if (subscription) {
    if (auto removed = context.topics().remove(*subscription); !removed) return refuse(removed.error());
  }
  return json::object();
}

Reply list_subscriptions(Context& context, const json::object& input) {
  auto page = context.topics().list_subscriptions(context.call.region, "", text(input, "NextToken"));
  if (!page) return refuse(page.error());
  return to_json(*page, context.call.account);
}

Reply list_subscriptions_by_topic(Context& context, const json::object& input) {
  auto topic = context.topics().find_arn(text(input, "TopicArn"));
  if (!topic) return refuse(topic.error());
  auto page =
      context.topics().list_subscriptions((*topic)->topic.region, (*topic)->topic.name, text(input, "NextToken"));
  if (!page) return refuse(page.error());
  return to_json(*page, context.call.account);
}

Reply get_subscription_attributes(Context& context, const json::object& input) {
  auto subscription = context.topics().find_subscription(text(input, "SubscriptionArn"));
  if (!subscription) return refuse(subscription.error());
  json::object attributes;
  for (const auto& [name, value] : subscription_attributes(*subscription, context.call.account))
    attributes[name] = value;
  return json::object{{"Attributes", std::move(attributes)}};
}

Reply set_subscription_attributes(Context& context, const json::object& input) {
  auto subscription = context.topics().find_subscription(text(input, "SubscriptionArn"));
  if (!subscription) return refuse(subscription.error());
  auto set = set_subscription_attribute(*subscription, text(input, "AttributeName"), text(input, "AttributeValue"));
  if (!set) return refuse(set.error());
  if (auto checked = check_filter(*subscription); !checked) return refuse(checked.error());
  if (auto saved = context.topics().save(std::move(*subscription)); !saved) return refuse(saved.error());
  return json::object();
}

}  // namespace ads::cloud::sns
