// What became of a run's retries, once they are settled.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "batch/notification.h"

namespace ads::batch {

enum class RetryEnd {
  processed,
  not_active,
  not_found,
  quarantined,  // can never be delivered
  dead,         // on its way to the dead-letter queue, from where it may come back
};

inline constexpr std::array kAllRetryEnds{RetryEnd::processed, RetryEnd::not_active, RetryEnd::not_found,
                                          RetryEnd::quarantined, RetryEnd::dead};

// Stored by name: "processed", "notActive", "notFound", "quarantined", "dead".
std::string_view to_string(RetryEnd end);
RetryEnd retry_end(Outcome outcome);

struct RetryTally {
  std::uint64_t processed = 0, not_active = 0, not_found = 0, quarantined = 0, dead = 0;
  std::uint64_t reordered = 0;  // of those: published after a later one of their user

  bool operator==(const RetryTally&) const = default;
  RetryTally& operator+=(const RetryTally& other);
  std::uint64_t& of(RetryEnd end);
  // All that reached an end.
  std::uint64_t total() const { return processed + not_active + not_found + quarantined + dead; }
};

}  // namespace ads::batch
