#include "function/pace.h"

#include <algorithm>

namespace ads::function {

milliseconds jittered_delay(int attempt, double random) {
  double longest = std::min(5000.0, 50.0 * static_cast<double>(1 << std::min(attempt, 10)));
  return milliseconds(static_cast<long>(longest * random));
}

namespace {

constexpr double kSlowest = 10;      // units per second: one batch call
constexpr double kStepShare = 0.05;  // of the rate that was too fast
constexpr std::chrono::seconds kSecond{1};

}  // namespace

milliseconds PublishPace::take(std::size_t units, SystemTime now) {
  if (rate_ <= 0) return milliseconds(0);
  if (now > filled_) {
    double seconds = std::chrono::duration<double>(now - filled_).count();
    tokens_ = std::min(rate_, tokens_ + seconds * rate_);
    filled_ = now;
  }
  tokens_ -= static_cast<double>(units);
  return tokens_ >= 0 ? milliseconds(0) : milliseconds(static_cast<long>(-tokens_ / rate_ * 1000) + 1);
}

void PublishPace::acknowledged(std::size_t units, SystemTime now) {
  if (now >= second_ + kSecond) {
    measured_ = now < second_ + 2 * kSecond ? passed_ : 0;
    passed_ = 0;
    second_ = now;
  }
  passed_ += static_cast<double>(units);
  if (rate_ <= 0 || step_ <= 0) return;
  rate_ += step_ * static_cast<double>(units) / rate_;
  if (ceiling_ > 0) rate_ = std::min(rate_, ceiling_);
}

void PublishPace::throttled(SystemTime now) {
  if (now < cut_ + kSecond) return;  // many answers to one burst
  cut_ = now;
  double too_fast = rate_ > 0 ? rate_ : std::max(measured_, passed_);
  step_ = std::max(1.0, too_fast * kStepShare);
  rate_ = std::max(kSlowest, too_fast / 2);
  if (ceiling_ > 0) rate_ = std::min(rate_, ceiling_);
  tokens_ = std::min(tokens_, 0.0);
  filled_ = std::max(filled_, now);
}

TimeBudget time_budget(SystemTime now, SystemTime deadline) {
  auto margin = std::min<milliseconds>(std::chrono::seconds(20), std::max(milliseconds(0), (deadline - now) / 4));
  return {now, deadline - margin, deadline - margin / 2, deadline};
}

}  // namespace ads::function
