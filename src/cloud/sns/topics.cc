#include "cloud/sns/topics.h"

#include "base/encoding.h"
#include "cloud/sns/errors.h"
#include "cloud/sns/keys.h"

namespace ads::cloud::sns {
namespace {

constexpr std::size_t kPage = 100;

Outcome<std::string> start_of(std::string_view prefix, std::string_view token) {
  if (token.empty()) return std::string(prefix);
  auto key = from_base64(token);
  if (!key || !key->starts_with(prefix))
    return refuse(invalid_parameter("NextToken Reason: it is not a token of this list"));
  return *key;
}

}  // namespace

Outcome<void> Topics::apply(Batch batch) {
  if (auto applied = environment_.store.apply(std::move(batch)); !applied)
    return refuse(internal_failure(applied.error()));
  return {};
}

TopicPointer Topics::find(const std::string& region, const std::string& name) {
  const std::string id = region + "/" + name;
  if (const auto found = loaded_.find(id); found != loaded_.end()) return found->second;
  const auto stored = environment_.store.get(topic_key(region, name));
  auto topic = stored ? decode_topic(*stored) : std::nullopt;
  if (!topic) return nullptr;
  auto subscriptions = std::make_shared<std::vector<Subscription>>();
  for (auto cursor = environment_.store.scan_prefix(key_of({"subscription", region, name})); cursor.valid();
       cursor.next()) {
    if (auto subscription = decode_subscription(cursor.value())) subscriptions->push_back(std::move(*subscription));
  }
  auto loaded = std::make_shared<LoadedTopic>(LoadedTopic{std::move(*topic), std::move(subscriptions)});
  loaded_.emplace(id, loaded);
  return loaded;
}

Outcome<TopicPointer> Topics::find_arn(std::string_view arn, std::string_view parameter) {
  auto parts = parse_arn(arn, parameter);
  if (!parts) return refuse(parts.error());
  auto topic = parts->subscription.empty() ? find(parts->region, parts->topic) : nullptr;
  if (!topic || topic->topic.account != parts->account) return refuse(topic_not_found());
  return topic;
}

Outcome<Subscription> Topics::find_subscription(std::string_view arn) {
  auto parts = parse_arn(arn, "SubscriptionArn");
  if (!parts) return refuse(parts.error());
  if (parts->subscription.empty()) {
    return refuse(invalid_parameter("SubscriptionArn Reason: An ARN must have at least 7 elements, not 6"));
  }
  const auto stored = environment_.store.get(subscription_key(parts->region, parts->topic, parts->subscription));
  auto subscription = stored ? decode_subscription(*stored) : std::nullopt;
  if (!subscription) return refuse(subscription_not_found());
  return std::move(*subscription);
}

Outcome<void> Topics::save(Topic topic) {
  Batch batch;
  batch.put(topic_key(topic.region, topic.name), encode(topic));
  if (auto applied = apply(std::move(batch)); !applied) return refuse(applied.error());
  if (const auto loaded = loaded_.find(topic.region + "/" + topic.name); loaded != loaded_.end()) {
    loaded->second->topic = std::move(topic);
  }
  return {};
}

Outcome<void> Topics::remove(const LoadedTopic& loaded) {
  const Topic topic = loaded.topic;
  Batch batch;
  batch.remove(topic_key(topic.region, topic.name));
  batch.remove(sequence_key(topic.region, topic.name));
  for (const std::string_view what : {"subscription", "published"}) {
    const std::string prefix = key_of({what, topic.region, topic.name});
    batch.remove_range(prefix, after_prefix(prefix));
  }
  if (auto applied = apply(std::move(batch)); !applied) return refuse(applied.error());
  loaded_.erase(topic.region + "/" + topic.name);
  return {};
}

Outcome<void> Topics::save(Subscription subscription) {
  auto parts = parse_arn(subscription.arn(), "SubscriptionArn");
  if (!parts) return refuse(parts.error());
  Batch batch;
  batch.put(subscription_key(parts->region, parts->topic, parts->subscription), encode(subscription));
  if (auto applied = apply(std::move(batch)); !applied) return refuse(applied.error());
  loaded_.erase(parts->region + "/" + parts->topic);
  return {};
}

Outcome<void> Topics::remove(const Subscription& subscription) {
  auto parts = parse_arn(subscription.arn(), "SubscriptionArn");
  if (!parts) return refuse(parts.error());
  Batch batch;
  batch.remove(subscription_key(parts->region, parts->topic, parts->subscription));
  if (auto applied = apply(std::move(batch)); !applied) return refuse(applied.error());
  loaded_.erase(parts->region + "/" + parts->topic);
  return {};
}

Outcome<Topics::Page> Topics::list_topics(const std::string& region, std::string_view token) {
  const std::string prefix = key_of({"topic", region});
  auto from = start_of(prefix, token);
  if (!from) return refuse(from.error());
  Page page;
  for (auto cursor = environment_.store.scan(*from, after_prefix(prefix)); cursor.valid(); cursor.next()) {
    if (page.arns.size() == kPage) {
      page.next_token = to_base64(cursor.key());
      break;
    }
    if (const auto topic = decode_topic(cursor.value())) page.arns.push_back(topic->arn());
  }
  return page;
}

Outcome<Topics::Page> Topics::list_subscriptions(const std::string& region, std::string_view topic,
                                                 std::string_view token) {
  const std::string prefix = topic.empty() ? key_of({"subscription", region}) : key_of({"subscription", region, topic});
  auto from = start_of(prefix, token);
  if (!from) return refuse(from.error());
  Page page;
  for (auto cursor = environment_.store.scan(*from, after_prefix(prefix)); cursor.valid(); cursor.next()) {
    if (page.subscriptions.size() == kPage) {
      page.next_token = to_base64(cursor.key());
      break;
    }
    if (auto subscription = decode_subscription(cursor.value())) page.subscriptions.push_back(std::move(*subscription));
  }
  return page;
}

}  // namespace ads::cloud::sns
