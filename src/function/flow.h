// What all calls of one invocation share: how many at once, how fast, until when; and how a call is repeated.
#pragma once
#include <optional>
#include <utility>

#include "batch/progress.h"
#include "function/delivery_plan.h"
#include "function/pace.h"
#include "function/ports.h"
#include "function/settings.h"

namespace ads::function {

// Where batch calls go: what a call takes, what order is kept there, how fast, and how long a call took of late.
struct Destination {
  batch::PackLimits limits;
  DeliveryOrder order;
  std::optional<PublishPace> pace = {};
  enum class LateCalls { refused, allowed } late_calls = LateCalls::refused;  // see Flow::may_call
  CallTime call_time = {};
};

// The order that there is to keep: a standard topic has none, StrictOrdering or not.
DeliveryOrder topic_order(const Settings& settings);
DeliveryOrder retry_queue_order(const Settings& settings);

struct Flow {
  Flow(const Settings& settings, TimeBudget budget);

  // May a batch call begin then? Late enough before the deadline that it can be answered, and what it did be stored.
  bool may_call(SystemTime when) const { return when < last_call(); }
  SystemTime last_call() const;

  TimeBudget budget;
  std::size_t calls_in_flight;
  std::chrono::seconds lease;
  batch::TimeZone time_zone;  // of times that people read
  Destination topic, retry_queue, shard_queue;
  CallTime other_calls = {};  // look-ups and reads of the file
  // Told by entries and calls; what the clients repeat by themselves is in World::call_totals.
  std::uint64_t throttles = 0;
};

// Says in the log what is being repeated: an invocation that only waits must not be silent.
void log_repeat(const Error& error, int attempt);

// Calls again, with full jitter, while the error may pass and there is time. `call` makes a new Task each time.
template <class Call>
auto repeat(World& world, const TimeBudget& budget, Call call) -> decltype(call()) {
  for (int attempt = 0;; ++attempt) {
    auto answer = co_await call();
    if (answer || !is_retryable(answer.error()) || world.time.now() >= budget.give_up) co_return answer;
    log_repeat(answer.error(), attempt);
    co_await world.time.sleep(jittered_delay(attempt, world.time.random()));
  }
}

}  // namespace ads::function
