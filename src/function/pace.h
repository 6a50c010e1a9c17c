// How fast, and until when: full-jitter delays, a token bucket, and the time an invocation has left. Pure decisions.
#pragma once
#include <algorithm>
#include <chrono>
#include <optional>

#include "base/clock.h"

namespace ads::function {

using std::chrono::milliseconds;

// Full jitter: a random part of a delay that doubles from 50 ms to 5 s. `attempt` counts from 0, `random` is in [0, 1).
// https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
milliseconds jittered_delay(int attempt, double random);

// How fast to publish: a token bucket whose rate is at most `ceiling` units per second (0: no limit), with one second's
// worth at once. It finds out what the other side takes: halved where that says "slower", at most once a second, and a
// step more for each second in which everything passed (additive increase, multiplicative decrease).
class PublishPace {
 public:
  explicit PublishPace(double ceiling) : ceiling_(ceiling), rate_(ceiling), tokens_(ceiling) {}
  // Takes `units`, and says how long to wait before using them.
  milliseconds take(std::size_t units, SystemTime now);
  void acknowledged(std::size_t units, SystemTime now);
  void throttled(SystemTime now);
  double rate() const { return rate_; }  // units per second; 0: no limit

 private:
  double ceiling_;
  double rate_;
  double tokens_;        // negative: promised to those who wait
  double step_ = 0;      // the increase per second
  double passed_ = 0;    // in the second that began at `second_`
  double measured_ = 0;  // in the second before
  SystemTime filled_{}, second_{}, cut_{};
};

// How long a call takes: the slowest of late. A slow one counts at once, and is forgotten over the next ten or so.
class CallTime {
 public:
  void took(milliseconds time) { expected_ = expected_ ? std::max(time, *expected_ - (*expected_ - time) / 8) : time; }
  std::optional<milliseconds> expected() const { return expected_; }  // nothing before the first call

 private:
  std::optional<milliseconds> expected_;
};

// An invocation is killed at its deadline; before that it must have put everything down.
struct TimeBudget {
  SystemTime begin{};
  SystemTime last_start{};  // no further chunk begins after it: 20 s before the deadline
  SystemTime give_up{};     // what is still being repeated is left alone, to be repeated by the next invocation
  SystemTime deadline{};    // nothing of this invocation happens after it
};

// Functions with a short timeout keep a quarter of it.
TimeBudget time_budget(SystemTime now, SystemTime deadline);

}  // namespace ads::function
