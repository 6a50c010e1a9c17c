#include "cloud/sns/outbox.h"

#include "base/ids.h"
#include "base/log.h"
#include "cloud/sns/keys.h"

namespace ads::cloud::sns {
namespace {

std::string encode(const Delivery& delivery) {
  return json::serialize(json::object{{"subscription", delivery.subscription_arn},
                                      {"topic", delivery.topic_arn},
                                      {"function", delivery.function_arn},
                                      {"payload", delivery.payload},
                                      {"envelope", delivery.envelope},
                                      {"deadLetter", delivery.dead_letter_arn},
                                      {"attempts", delivery.attempts}});
}

std::optional<Delivery> decode(std::string_view stored) {
  auto object = parse_json_object(stored);
  if (!object) return {};
  const auto text = [&](std::string_view name) { return std::string(get_string(*object, name).value_or("")); };
  Delivery delivery{text("subscription"), text("topic"),    text("function"),
                    text("payload"),      text("envelope"), text("deadLetter")};
  delivery.attempts = static_cast<int>(get_integer(*object, "attempts").value_or(0));
  return delivery;
}

std::uint64_t millis(SystemTime time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

}  // namespace

std::optional<std::chrono::milliseconds> pause_after(int attempts) {
  using std::chrono::milliseconds;
  if (attempts <= 3) return milliseconds(0);
  if (attempts <= 5) return milliseconds(1000);
  if (attempts <= 15) return milliseconds(std::min(20'000, 1000 << (attempts - 5)));
  if (attempts <= 100'015) return milliseconds(20'000);
  return {};
}

Outcome<void> Outbox::add(const Delivery& delivery) {
  const auto pause = pause_after(delivery.attempts).value_or(std::chrono::milliseconds(0));
  Batch batch;
  batch.put(outbox_key(millis(environment_.clock.now() + pause), random_hex(16)), encode(delivery));
  if (auto applied = environment_.store.apply(std::move(batch)); !applied)
    return refuse(internal_failure(applied.error()));
  bell_.ring_one();
  return {};
}

void Outbox::bring_forward(Batch& batch, std::chrono::milliseconds by) const {
  const std::string prefix = key_of({"outbox"});
  for (auto cursor = environment_.store.scan_prefix(prefix); cursor.valid(); cursor.next()) {
    std::string_view rest = cursor.key().substr(prefix.size());
    const auto due = take_number(rest);
    const auto id = take_text(rest);
    if (!due || !id) continue;
    const auto earlier = *due - std::min(*due, static_cast<std::uint64_t>(by.count()));
    batch.remove(cursor.key());
    batch.put(outbox_key(earlier, *id), cursor.value());
  }
}

void Outbox::start() {
  tasks_.spawn("sns outbox", run());
}

Task<void> Outbox::stop() {
  co_await tasks_.stop();
}

Task<void> Outbox::run() {
  const std::string prefix = key_of({"outbox"});
  for (;;) {
    std::optional<std::pair<std::string, Delivery>> next;
    auto pause = std::chrono::milliseconds(std::chrono::hours(1));
    {
      auto cursor = environment_.store.scan_prefix(prefix);
      if (cursor.valid()) {
        std::string_view rest = cursor.key().substr(prefix.size());
        const auto due = static_cast<std::int64_t>(take_number(rest).value_or(0));
        pause = std::chrono::milliseconds(
            std::max<std::int64_t>(0, due - environment_.clock.now().time_since_epoch().count()));
        if (pause.count() == 0) next.emplace(std::string(cursor.key()), decode(cursor.value()).value_or(Delivery{}));
      }
    }
    if (next) {
      co_await attempt(std::move(next->first), std::move(next->second));
    } else {
      co_await bell_.wait_until(std::chrono::steady_clock::now() +
                                std::min(pause, std::chrono::milliseconds(3'600'000)));
    }
  }
}

Task<void> Outbox::attempt(std::string key, Delivery delivery) {
  auto invoked = co_await environment_.functions->invoke_async(delivery.function_arn, delivery.payload,
                                                               Source{"sns.amazonaws.com", delivery.topic_arn});
  Batch batch;
  batch.remove(key);
  if (!invoked) {
    ++delivery.attempts;
    const auto pause = pause_after(delivery.attempts);
    if (invoked.error().status >= 500 && pause) {
      batch.put(outbox_key(millis(environment_.clock.now() + std::max(*pause, std::chrono::milliseconds(50))),
                           random_hex(16)),
                encode(delivery));
    } else {
      bury(delivery, invoked.error());
    }
  } else {
    ++metrics_.of(delivery.topic_arn).delivered;
  }
  if (auto applied = environment_.store.apply(std::move(batch)); !applied) {
    log(LogLevel::error, "the outbox of SNS can't be written", {{"error", applied.error().message}});
    co_await sleep_for(std::chrono::seconds(1));
  }
}

void Outbox::bury(const Delivery& delivery, const WireError& error) {
  ++metrics_.of(delivery.topic_arn).failed;
  const auto drop = [&](std::string_view why) {
    log(LogLevel::warning, "a notification was dropped",
        {{"subscription", delivery.subscription_arn},
         {"code", error.code},
         {"error", error.message},
         {"because", why}});
  };
  if (delivery.dead_letter_arn.empty()) return drop("the subscription has no RedrivePolicy");
  OutgoingMessage message{delivery.envelope,
                          {{"RequestID", {"String", random_uuid()}},
                           {"ErrorCode", {"String", error.code}},
                           {"ErrorMessage", {"String", error.message.empty() ? error.code : error.message}}},
                          delivery.group_id,
                          delivery.deduplication_id};
  std::vector<OutgoingMessage> messages;
  messages.push_back(std::move(message));
  const auto sent = environment_.queues->enqueue(delivery.dead_letter_arn, std::move(messages),
                                                 Source{"sns.amazonaws.com", delivery.topic_arn});
  if (!sent.front()) drop("its dead-letter queue refused it: " + sent.front().error().message);
}

}  // namespace ads::cloud::sns
