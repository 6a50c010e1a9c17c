#include "aws/sns/client.h"

#include "aws/services.h"
#include "aws/sns/codec.h"

namespace ads::aws::sns {
namespace {

Operation operation(std::string_view name) {
  return {kSns, name, Protocol::query};
}

}  // namespace

Task<Result<PublishOutput>> Client::publish(PublishInput input) const {
  auto xml = co_await connection_.call_query(operation("Publish"), encode(input));
  if (!xml) co_return fail(xml.error());
  co_return decode_publish(*xml);
}

Task<Result<PublishBatchOutput>> Client::publish_batch(std::string topic_arn, std::vector<PublishEntry> entries) const {
  auto xml = co_await connection_.call_query(operation("PublishBatch"), encode_publish_batch(topic_arn, entries));
  if (!xml) co_return fail(xml.error());
  co_return decode_publish_batch(*xml);
}

Task<Result<std::string>> Client::subscribe(SubscribeInput input) const {
  auto xml = co_await connection_.call_query(operation("Subscribe"), encode(input));
  if (!xml) co_return fail(xml.error());
  co_return decode_text(*xml, "SubscriptionArn");
}

Task<Result<void>> Client::unsubscribe(std::string subscription_arn) const {
  auto input = form("Unsubscribe");
  input.add("SubscriptionArn", subscription_arn);
  auto xml = co_await connection_.call_query(operation("Unsubscribe"), std::move(input));
  if (!xml) co_return fail(xml.error());
  co_return Result<void>();
}

Task<Result<ListSubscriptionsOutput>> Client::list_subscriptions_by_topic(std::string topic_arn,
                                                                          std::optional<std::string> next_token) const {
  auto input = form("ListSubscriptionsByTopic");
  input.add("TopicArn", topic_arn).add_if("NextToken", next_token);
  auto xml = co_await connection_.call_query(operation("ListSubscriptionsByTopic"), std::move(input));
  if (!xml) co_return fail(xml.error());
  co_return decode_list_subscriptions(*xml);
}

Task<Result<std::string>> Client::create_topic(std::string name, std::map<std::string, std::string> attributes) const {
  auto xml = co_await connection_.call_query(operation("CreateTopic"), encode_create_topic(name, attributes));
  if (!xml) co_return fail(xml.error());
  co_return decode_text(*xml, "TopicArn");
}

Task<Result<void>> Client::delete_topic(std::string topic_arn) const {
  auto input = form("DeleteTopic");
  input.add("TopicArn", topic_arn);
  auto xml = co_await connection_.call_query(operation("DeleteTopic"), std::move(input));
  if (!xml) co_return fail(xml.error());
  co_return Result<void>();
}

}  // namespace ads::aws::sns
