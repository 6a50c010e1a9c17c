#include "function/pace.h"

#include <algorithm>

namespace ads::function {

milliseconds jittered_delay(int attempt, double random) {
  double longest = std::min(5000.0, 50.0 * static_cast<double>(1 << std::min(attempt, 10)));
  return milliseconds(static_cast<long>(longest * random));
}

milliseconds TokenBucket::take(std::size_t units, SystemTime now) {
  if (rate_ <= 0) return milliseconds(0);
  if (now > filled_) {
    double seconds = std::chrono::duration<double>(now - filled_).count();
    tokens_ = std::min(rate_, tokens_ + seconds * rate_);
    filled_ = now;
  }
  tokens_ -= static_cast<double>(units);
  return tokens_ >= 0 ? milliseconds(0) : milliseconds(static_cast<long>(-tokens_ / rate_ * 1000) + 1);
}

TimeBudget time_budget(SystemTime now, SystemTime deadline) {
  auto margin = std::min<milliseconds>(std::chrono::seconds(20), std::max(milliseconds(0), (deadline - now) / 4));
  return {deadline - margin, deadline - margin / 2};
}

}  // namespace ads::function
