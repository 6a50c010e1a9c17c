// What all calls of one invocation share: how many at once, how fast, until when; and how a call is repeated.
#pragma once
#include <utility>

#include "batch/progress.h"
#include "function/pace.h"
#include "function/ports.h"
#include "function/settings.h"

namespace ads::function {

struct Flow {
  Flow(const Settings& settings, TimeBudget budget)
      : budget(budget),
        calls_in_flight(settings.calls_in_flight),
        lease(settings.lease),
        publishing(publish_share(settings)) {}

  TimeBudget budget;
  std::size_t calls_in_flight;
  std::chrono::seconds lease;
  PublishPace publishing;
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
