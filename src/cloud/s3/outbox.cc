#include "cloud/s3/outbox.h"

#include "base/json.h"
#include "base/log.h"
#include "cloud/s3/keys.h"

namespace ads::cloud::s3 {
namespace {

constexpr std::size_t kMostInFlight = 64;
constexpr int kMostAttempts = 20;  // with the pauses below: a quarter of an hour
constexpr auto kLongestPause = std::chrono::seconds(60);

std::string_view to_string(DestinationKind kind) {
  switch (kind) {
    case DestinationKind::function:
      return "function";
    case DestinationKind::queue:
      return "queue";
    case DestinationKind::topic:
      return "topic";
  }
  return "";
}

DestinationKind parse_kind(std::string_view text) {
  if (text == "queue") return DestinationKind::queue;
  if (text == "topic") return DestinationKind::topic;
  return DestinationKind::function;
}

}  // namespace

Outbox::Outbox(Environment& environment, Sequence& sequence)
    : environment_(environment), sequence_(sequence), bell_(environment.executor), tasks_(environment.executor) {}

void Outbox::add(Transaction& transaction, const Call& call, const Bucket& bucket, const ObjectEvent& event) {
  for (const auto& rule : bucket.notifications.rules) {
    if (!rule_matches(rule, "s3:" + event.name, event.key)) continue;
    transaction.put(keys::event(sequence_.next()),
                    json::serialize(json::object{{"kind", to_string(rule.kind)},
                                                 {"arn", rule.arn},
                                                 {"source", bucket.arn()},
                                                 {"payload", render_event(call, bucket, rule, event)}}));
  }
}

Task<Outcome<void>> Outbox::send(DestinationKind kind, std::string arn, std::string payload, std::string bucket_arn) {
  Source source{"s3.amazonaws.com", std::move(bucket_arn)};
  if (kind == DestinationKind::function) {
    if (!environment_.functions) co_return refuse(not_implemented("S3 events to functions"));
    co_return co_await environment_.functions->invoke_async(std::move(arn), std::move(payload), std::move(source));
  }
  OutgoingMessage message;
  message.body = std::move(payload);
  Outcome<std::string> sent;
  if (kind == DestinationKind::queue) {
    if (!environment_.queues) co_return refuse(not_implemented("S3 events to queues"));
    sent = co_await environment_.queues->send(std::move(arn), std::move(message), std::move(source));
  } else {
    if (!environment_.topics) co_return refuse(not_implemented("S3 events to topics"));
    sent = co_await environment_.topics->publish(std::move(arn), "Amazon S3 Notification", std::move(message),
                                                 std::move(source));
  }
  if (!sent) co_return refuse(sent.error());
  co_return Outcome<void>{};
}

Task<void> Outbox::start() {
  tasks_.spawn("S3's event delivery", run());
  co_return;
}

Task<void> Outbox::stop() {
  co_await tasks_.stop();
}

Task<void> Outbox::run() {
  auto end = after_prefix(keys::events());
  for (;;) {
    bool took = false;
    if (in_flight_ < kMostInFlight) {
      for (auto cursor = environment_.store.scan(keys::event(seen_ + 1), end);
           cursor.valid() && in_flight_ < kMostInFlight; cursor.next()) {
        seen_ = keys::last_number(cursor.key());
        ++in_flight_;
        took = true;
        tasks_.spawn("an S3 event", deliver_one(seen_, std::string(cursor.value())));
      }
    }
    if (!took)
      co_await bell_.wait();
    else
      co_await asio::post(environment_.executor, asio::use_awaitable);
  }
}

Task<void> Outbox::deliver_one(std::uint64_t sequence, std::string entry) {
  auto object = parse_json_object(entry);
  if (!object) {
    log(LogLevel::error, "a stored S3 event is damaged and was dropped", {{"error", object.error().message}});
    finish(sequence);
    co_return;
  }
  auto text = [&](std::string_view name) { return std::string(get_string(*object, name).value_or("")); };
  std::chrono::milliseconds pause(200);
  for (int attempt = 1;; ++attempt) {
    auto sent = co_await send(parse_kind(text("kind")), text("arn"), text("payload"), text("source"));
    if (sent) break;
    // A destination that is gone or forbids it will not change its mind soon: AWS drops such events too.
    bool is_final = sent.error().status < 500 && sent.error().status != 429;
    if (is_final || attempt == kMostAttempts) {
      log(LogLevel::error, "an S3 event could not be delivered and was dropped",
          {{"destination", text("arn")},
           {"source", text("source")},
           {"code", sent.error().code},
           {"reason", sent.error().message}});
      break;
    }
    co_await sleep_for(pause);
    pause = std::min<std::chrono::milliseconds>(pause * 2, kLongestPause);
  }
  finish(sequence);
}

void Outbox::finish(std::uint64_t sequence) {
  --in_flight_;
  Batch batch;
  batch.remove(keys::event(sequence));
  if (auto applied = environment_.store.apply(std::move(batch)); !applied)
    log(LogLevel::warning, "a delivered S3 event will be sent again", {{"error", applied.error().message}});
  bell_.ring_all();
}

}  // namespace ads::cloud::s3
