#include "aws/retry.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace ads::aws {
namespace {

using std::chrono::milliseconds;

// The union of what botocore and the services' models call throttling.
constexpr std::array<std::string_view, 20> kThrottled{"Throttling",
                                                      "ThrottlingException",
                                                      "ThrottledException",
                                                      "RequestThrottledException",
                                                      "RequestThrottled",
                                                      "TooManyRequestsException",
                                                      "TooManyRequests",
                                                      "ProvisionedThroughputExceededException",
                                                      "TransactionInProgressException",
                                                      "TransactionConflictException",
                                                      "RequestLimitExceeded",
                                                      "BandwidthLimitExceeded",
                                                      "LimitExceededException",
                                                      "SlowDown",
                                                      "PriorRequestNotComplete",
                                                      "EC2ThrottledException",
                                                      "KMSThrottlingException",
                                                      "KmsThrottled",
                                                      "BatchRequestTooManyRequests",
                                                      "ReplicatedWriteConflictException"};
constexpr std::array<std::string_view, 6> kTransient{"RequestTimeout",  "RequestTimeoutException",
                                                     "InternalError",   "InternalServerError",
                                                     "InternalFailure", "ServiceUnavailable"};

template <class List>
bool contains(const List& list, std::string_view code) {
  return std::find(list.begin(), list.end(), code) != list.end();
}

constexpr int kRetryCost = 5;
constexpr int kTimeoutCost = 10;
constexpr milliseconds kRetryAfterSlack{5000};

}  // namespace

Verdict judge(int status, std::string_view code) {
  if (contains(kThrottled, code)) return Verdict::throttled;
  if (contains(kTransient, code)) return Verdict::transient;
  if (status == 429) return Verdict::throttled;
  if (status == 500 || status == 502 || status == 503 || status == 504) return Verdict::transient;
  return status < 300 ? Verdict::success : Verdict::refused;
}

Verdict judge(const Error& transport_error) {
  if (transport_error.code == "Timeout") return Verdict::timed_out;
  // A certificate that is not trusted stays so.
  if (transport_error.code == "TlsFailed") return Verdict::refused;
  return transport_error.kind == ErrorKind::unavailable && transport_error.code != "ResponseTooLarge"
             ? Verdict::transient
             : Verdict::refused;
}

std::optional<int> RetryBudget::take(Verdict verdict) {
  int cost = verdict == Verdict::timed_out ? kTimeoutCost : kRetryCost;
  if (cost > available_) return std::nullopt;
  available_ -= cost;
  return cost;
}

void RetryBudget::give_back(int tokens) {
  available_ = std::min(kCapacity, available_ + tokens);
}

std::optional<milliseconds> RetrySchedule::next(Verdict verdict, double random, std::optional<milliseconds> asked_for) {
  ++attempts_;
  if (verdict == Verdict::success) {
    budget_.give_back(taken_ > 0 ? taken_ : 1);
    return std::nullopt;
  }
  if (verdict == Verdict::refused || attempts_ >= rules_.max_attempts) return std::nullopt;
  auto tokens = budget_.take(verdict);
  if (!tokens) return std::nullopt;
  taken_ = *tokens;

  auto base = verdict == Verdict::throttled ? rules_.throttled_base : rules_.transient_base;
  auto ceiling = base;
  for (int i = 1; i < attempts_ && ceiling < rules_.cap; ++i) ceiling *= 2;
  ceiling = std::min(ceiling, rules_.cap);
  auto wait = milliseconds(static_cast<std::int64_t>(random * static_cast<double>(ceiling.count())));
  if (asked_for) wait = std::max(wait, std::min(*asked_for, wait + kRetryAfterSlack));
  return wait;
}

std::optional<milliseconds> retry_after(const http::Headers& headers) {
  auto number = [](std::optional<std::string_view> text) -> std::optional<std::int64_t> {
    std::int64_t value = 0;
    if (!text) return std::nullopt;
    auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc() || end != text->data() + text->size() || value < 0 || value > 3'600'000)
      return std::nullopt;
    return value;
  };
  if (auto amazon = number(headers.get("x-amz-retry-after"))) return milliseconds(*amazon);
  if (auto standard = number(headers.get("Retry-After"))) return std::chrono::seconds(*standard);
  return std::nullopt;
}

}  // namespace ads::aws
