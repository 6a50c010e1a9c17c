#include "function/flow.h"

#include <algorithm>

#include "base/log.h"

namespace ads::function {
namespace {

// After the last batch call: its answer, a piece of quarantine, the checkpoint, the lease given back; and one to spare.
constexpr int kCallsToTheEnd = 5;

DeliveryOrder fifo_order(const Settings& settings) {
  return settings.rules.ordering == batch::Config::Ordering::by_file ? DeliveryOrder::strict : DeliveryOrder::per_user;
}

}  // namespace

DeliveryOrder topic_order(const Settings& settings) {
  return settings.has_fifo_topic() ? fifo_order(settings) : DeliveryOrder::none;
}

DeliveryOrder retry_queue_order(const Settings& settings) {
  return fifo_order(settings);
}

Flow::Flow(const Settings& settings, TimeBudget budget)
    : budget(budget),
      calls_in_flight(settings.calls_in_flight),
      lease(settings.lease),
      time_zone(settings.rules.time_zone),
      topic{batch::kPublishBatch, topic_order(settings), PublishPace(publish_share(settings))},
      retry_queue{batch::kSendMessageBatch, retry_queue_order(settings)},
      shard_queue{batch::kSendMessageBatch, DeliveryOrder::none, {}, Destination::LateCalls::allowed} {}

SystemTime Flow::last_call() const {
  milliseconds slowest{0};
  for (const CallTime& calls : {topic.call_time, retry_queue.call_time, other_calls})
    slowest = std::max(slowest, calls.expected().value_or(milliseconds(0)));
  milliseconds least = (budget.deadline - budget.last_start) * 3 / 4;
  milliseconds most = std::max(least, (budget.deadline - budget.begin) / 2);
  return budget.deadline - std::clamp<milliseconds>(kCallsToTheEnd * slowest, least, most);
}

void log_repeat(const Error& error, int attempt) {
  log(LogLevel::warning, "a call failed and is repeated",
      {{"code", error.code}, {"error", error.message}, {"attempt", attempt + 1}});
}

}  // namespace ads::function
