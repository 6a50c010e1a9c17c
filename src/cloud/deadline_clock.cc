#include "cloud/deadline_clock.h"

#include "base/log.h"

namespace ads::cloud {
namespace {

// Clocks are slewed by a little all the time; only more than that is a clock that was set.
constexpr std::chrono::milliseconds kSlew = std::chrono::seconds(1), kMarkEvery = std::chrono::seconds(1);

}  // namespace

SystemTime DeadlineClock::now() const {
  if (!is_followed_) return clock_.now();
  follow();
  if (mark_ && last_ - marked_ >= kMarkEvery) {
    marked_ = last_;
    mark_(last_);
  }
  return last_;
}

void DeadlineClock::follow() const {
  const auto wall = clock_.now();
  const auto steady = steady_();
  const auto expected = last_ + std::chrono::duration_cast<std::chrono::milliseconds>(steady - last_steady_);
  if (has_last_ && wall < expected - kSlew) {
    last_steady_ += expected - last_;  // whole milliseconds: the rest counts the next time
    last_ = expected;
  } else if (!has_last_ || wall > last_) {
    last_ = wall;
    last_steady_ = steady;
    has_last_ = true;
  }
}

}  // namespace ads::cloud
