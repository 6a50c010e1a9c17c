// How fast, and until when: full-jitter delays, a token bucket, and the time an invocation has left. Pure decisions.
#pragma once
#include <chrono>

#include "base/clock.h"

namespace ads::function {

using std::chrono::milliseconds;

// Full jitter: a random part of a delay that doubles from 50 ms to 5 s. `attempt` counts from 0, `random` is in [0, 1).
// https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
milliseconds jittered_delay(int attempt, double random);

// Lets `rate` units per second pass, and one second's worth at once. Rate 0 lets everything pass.
class TokenBucket {
 public:
  explicit TokenBucket(int rate) : rate_(rate), tokens_(rate) {}
  // Takes `units`, and says how long to wait before using them.
  milliseconds take(std::size_t units, SystemTime now);

 private:
  double rate_;
  double tokens_;  // negative: promised to those who wait
  SystemTime filled_{};
};

// An invocation is killed at its deadline; before that it must have put everything down.
struct TimeBudget {
  SystemTime last_start{};  // no further chunk begins after it: 20 s before the deadline
  SystemTime give_up{};     // what is still being repeated is left alone, to be repeated by the next invocation
};

// Functions with a short timeout keep a quarter of it.
TimeBudget time_budget(SystemTime now, SystemTime deadline);

}  // namespace ads::function
