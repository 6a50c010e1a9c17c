// Time for deadlines: what is in flight, delayed or to be tried again. It follows the machine's clock forward and never
// goes back: where the clock is set back, deadlines within a run of the cloud still come in time. Where it was set back
// between two runs, deadlines in the store are brought forward (Service::bring_deadlines_forward).
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
  // `mark` gets the time, at most once a second, as it is asked for: what a later start compares the machine's clock
  // with. Not of a clock that is taken as it is.
  void mark_by(std::function<void(SystemTime)> mark) { mark_ = std::move(mark); }

 private:
  void follow() const;

  Clock& clock_;
  bool is_followed_;
  std::function<Steady::time_point()> steady_ = [] { return Steady::now(); };
  mutable bool has_last_ = false;
  mutable SystemTime last_{};
  mutable Steady::time_point last_steady_{};
  mutable SystemTime marked_{};
  std::function<void(SystemTime)> mark_;
};

}  // namespace ads::cloud
