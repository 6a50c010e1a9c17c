// Time for deadlines: what is in flight, delayed or to be tried again. It follows the machine's clock forward and never
// goes back: where the clock is set back, deadlines within a run of the cloud still come in time.
#pragma once
#include <functional>

#include "base/clock.h"

namespace ads::cloud {

class DeadlineClock : public Clock {
 public:
  using Steady = std::chrono::steady_clock;

  // A clock other than the machine's is taken as it is.
  explicit DeadlineClock(Clock& clock) : clock_(clock), is_followed_(&clock == &system_clock()) {}
  // As for the machine's clock, with `steady` in place of the steady one.
  DeadlineClock(Clock& clock, std::function<Steady::time_point()> steady)
      : clock_(clock), is_followed_(true), steady_(std::move(steady)) {}

  SystemTime now() const override;

 private:
  Clock& clock_;
  bool is_followed_;
  std::function<Steady::time_point()> steady_ = [] { return Steady::now(); };
  mutable bool has_last_ = false;
  mutable SystemTime last_{};
  mutable Steady::time_point last_steady_{};
};

}  // namespace ads::cloud
