// AWS's standard retry mode as decisions over values; Connection acts on them.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace ads::aws {

struct RetryRules {
  int max_attempts = 3;                          // AWS_MAX_ATTEMPTS; the first one included
  std::chrono::milliseconds transient_base{50};  // doubled per attempt, times a random share of 1
  std::chrono::milliseconds throttled_base{1000};
  std::chrono::milliseconds cap{20'000};
};

// How one attempt ended.
enum class Verdict { success, refused, throttled, transient, timed_out };

// Judges an answer by its status and error code (codes first: a throttle may come as 400).
Verdict judge(int status, std::string_view code);
// Judges a failed connection.
Verdict judge(const Error& transport_error);

// The 500 tokens that all calls of one client share: a retry takes 5 (10 after a timeout), a success gives back what
// its last retry took, or 1. When a service is down, clients then stop doubling its load.
class RetryBudget {
 public:
  static constexpr int kCapacity = 500;
  std::optional<int> take(Verdict verdict);  // the tokens taken; nothing where they do not suffice
  void give_back(int tokens);
  int available() const { return available_; }

 private:
  int available_ = kCapacity;
};

// One call's attempts.
class RetrySchedule {
 public:
  RetrySchedule(const RetryRules& rules, RetryBudget& budget) : rules_(rules), budget_(budget) {}
  // After an attempt: how long to wait before the next one; nothing: there is none. `random` is in [0, 1).
  // `retry_after` is what the service asked for; it adds 5 s to the computed wait at most.
  std::optional<std::chrono::milliseconds> next(Verdict verdict, double random,
                                                std::optional<std::chrono::milliseconds> retry_after);
  int attempts() const { return attempts_; }

 private:
  const RetryRules& rules_;
  RetryBudget& budget_;
  int attempts_ = 0;
  int taken_ = 0;
};

// x-amz-retry-after (milliseconds) or Retry-After (seconds), where present and sensible.
std::optional<std::chrono::milliseconds> retry_after(const http::Headers& headers);

}  // namespace ads::aws
