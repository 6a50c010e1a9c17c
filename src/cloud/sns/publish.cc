// The fan-out.
#include "cloud/sns/errors.h"
#include "cloud/sns/keys.h"
#include "cloud/sns/resources.h"
#include "cloud/sns/service.h"

namespace ads::cloud::sns {
namespace {

constexpr std::int64_t kDeduplicationWindow = 5 * 60 * 1000;

std::string sequence_number(std::uint64_t sequence) {
  return std::to_string(10'000'000'000'000'000'000u + sequence);
}

}  // namespace

std::vector<Publication> Service::deduplicate(const Topic& topic, std::vector<Publication> publications,
                                              std::vector<Accepted>& accepted, Batch& batch) {
  if (!topic.is_fifo()) {
    for (const auto& publication : publications) accepted.push_back({publication.message_id, ""});
    return publications;
  }
  const auto scope_attribute = topic.attributes.find("FifoThroughputScope");
  const bool is_per_group = scope_attribute != topic.attributes.end() && scope_attribute->second == "MessageGroup";
  const std::int64_t now = environment_.clock.now().time_since_epoch().count();
  const auto bucket = static_cast<std::uint64_t>(now / kDeduplicationWindow);
  std::uint64_t sequence = 0;
  if (const auto stored = environment_.store.get(sequence_key(topic.region, topic.name)))
    sequence = std::stoull(*stored);
  std::map<std::string, Accepted> in_this_batch;
  std::vector<Publication> fresh;
  for (Publication& publication : publications) {
    const std::string scope = is_per_group ? publication.group_id : "";
    const std::string own_key = published_key(topic.region, topic.name, bucket, scope, publication.deduplication_id);
    std::optional<Accepted> before;
    if (const auto found = in_this_batch.find(own_key); found != in_this_batch.end()) before = found->second;
    for (const std::uint64_t at : {bucket, bucket - 1}) {
      if (before) break;
      const auto stored =
          environment_.store.get(published_key(topic.region, topic.name, at, scope, publication.deduplication_id));
      auto object = stored ? parse_json_object(*stored) : Result<json::object>(json::object());
      if (stored && object && get_integer(*object, "time").value_or(0) + kDeduplicationWindow > now) {
        before = Accepted{std::string(get_string(*object, "id").value_or("")),
                          std::string(get_string(*object, "sequence").value_or(""))};
      }
    }
    if (before) {
      accepted.push_back(*before);
      continue;
    }
    publication.sequence_number = sequence_number(++sequence);
    accepted.push_back({publication.message_id, publication.sequence_number});
    in_this_batch[own_key] = accepted.back();
    batch.put(own_key, json::serialize(json::object{
                           {"id", publication.message_id}, {"sequence", publication.sequence_number}, {"time", now}}));
    fresh.push_back(std::move(publication));
  }
  if (!fresh.empty()) {
    batch.put(sequence_key(topic.region, topic.name), std::to_string(sequence));
    const std::string all = key_of({"published", topic.region, topic.name});
    // One bucket at a time, so that the range is empty nearly always.
    if (environment_.store.scan(all, published_prefix(topic.region, topic.name, bucket - 1)).valid()) {
      batch.remove_range(all, published_prefix(topic.region, topic.name, bucket - 1));
    }
  }
  return fresh;
}

Outcome<void> Service::deliver_to_queue(const Subscription& subscription,
                                        const std::vector<const Publication*>& publications) {
  std::vector<OutgoingMessage> messages;
  for (const Publication* publication : publications) {
    OutgoingMessage message;
    if (subscription.is_raw()) {
      message.body = publication->message_for("sqs");
      message.attributes = publication->attributes;
    } else {
      message.body = envelope(*publication, subscription, environment_.endpoint);
    }
    message.group_id = publication->group_id;
    // A standard queue behind a FIFO topic takes no deduplication id.
    if (subscription.endpoint.ends_with(".fifo")) message.deduplication_id = publication->deduplication_id;
    messages.push_back(std::move(message));
  }
  const auto outcomes = environment_.queues->enqueue(subscription.endpoint, std::move(messages),
                                                     Source{"sns.amazonaws.com", subscription.topic_arn});
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i]) ++metrics_.of(subscription.topic_arn).delivered;
    if (outcomes[i]) continue;
    if (outcomes[i].error().status >= 500) return refuse(outcomes[i].error());  // our disk: the publisher must know
    const Publication& publication = *publications[i];
    outbox_.bury({.subscription_arn = subscription.arn(),
                  .topic_arn = subscription.topic_arn,
                  .envelope = subscription.is_raw() ? publication.message_for("sqs")
                                                    : envelope(publication, subscription, environment_.endpoint),
                  .dead_letter_arn = subscription.dead_letter_arn(),
                  .group_id = publication.group_id,
                  .deduplication_id = publication.deduplication_id},
                 outcomes[i].error());
  }
  return {};
}

Task<Outcome<void>> Service::deliver_to_function(const Subscription& subscription, const Publication& publication) {
  const std::string event = lambda_event(publication, subscription, environment_.endpoint);
  auto invoked = co_await environment_.functions->invoke_async(subscription.endpoint, event,
                                                               Source{"sns.amazonaws.com", subscription.topic_arn});
  if (invoked) {
    ++metrics_.of(subscription.topic_arn).delivered;
    co_return Outcome<void>();
  }
  const Delivery delivery{.subscription_arn = subscription.arn(),
                          .topic_arn = subscription.topic_arn,
                          .function_arn = subscription.endpoint,
                          .payload = event,
                          .envelope = envelope(publication, subscription, environment_.endpoint),
                          .dead_letter_arn = subscription.dead_letter_arn(),
                          .attempts = 1};
  if (invoked.error().status >= 500) co_return outbox_.add(delivery);
  outbox_.bury(delivery, invoked.error());
  co_return Outcome<void>();
}

Task<Outcome<std::vector<Service::Accepted>>> Service::publish(TopicPointer topic,
                                                               std::vector<Publication> publications) {
  for (Publication& publication : publications) publication.time = environment_.clock.now();
  std::vector<Accepted> accepted;
  Batch published;
  const auto fresh = deduplicate(topic->topic, std::move(publications), accepted, published);
  if (!fresh.empty()) metrics_.of(topic->topic.arn()).published += fresh.size();
  const auto subscriptions = topic->subscriptions;
  // Queues first, with no wait in between: what is published in order arrives in order.
  std::vector<std::pair<const Subscription*, const Publication*>> to_functions;
  for (const Subscription& subscription : *subscriptions) {
    std::vector<const Publication*> wanted;
    for (const Publication& publication : fresh) {
      if (subscription.filter &&
          !subscription.filter->matches(publication.attributes, publication.message_for(subscription.protocol))) {
        continue;
      }
      if (subscription.protocol == "lambda") {
        to_functions.emplace_back(&subscription, &publication);
      } else {
        wanted.push_back(&publication);
      }
    }
    if (wanted.empty()) continue;
    if (auto delivered = deliver_to_queue(subscription, wanted); !delivered) co_return refuse(delivered.error());
  }
  // What makes a repeat a repeat is written after the deliveries: a crash in between delivers again, it never loses.
  if (!published.empty()) {
    if (auto applied = environment_.store.apply(std::move(published)); !applied)
      co_return refuse(internal_failure(applied.error()));
  }
  for (const auto& [subscription, publication] : to_functions) {
    if (auto delivered = co_await deliver_to_function(*subscription, *publication); !delivered)
      co_return refuse(delivered.error());
  }
  co_return accepted;
}

Outcome<void> Service::may(const std::string& topic_arn, std::string_view action, const Source& source) {
  return authorize(*this, topic_arn, action, source);
}

Task<Outcome<std::string>> Service::publish(std::string topic_arn, std::string subject, OutgoingMessage message,
                                            Source source) {
  auto topic = topics_.find_arn(topic_arn);
  if (!topic) co_return refuse(topic.error());
  if (auto allowed = authorize(*this, topic_arn, "Publish", source); !allowed) co_return refuse(allowed.error());
  auto checked = check((*topic)->topic, {.message = std::move(message.body),
                                         .subject = subject,
                                         .has_subject = !subject.empty(),
                                         .attributes = std::move(message.attributes),
                                         .group_id = std::move(message.group_id),
                                         .deduplication_id = std::move(message.deduplication_id)});
  if (!checked) co_return refuse(checked.error());
  std::vector<Publication> publications;
  publications.push_back(std::move(*checked));
  auto accepted = co_await publish(*topic, std::move(publications));
  if (!accepted) co_return refuse(accepted.error());
  if (auto done = co_await durable(); !done) co_return refuse(done.error());
  co_return accepted->front().message_id;
}

}  // namespace ads::cloud::sns
