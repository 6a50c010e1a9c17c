// How often this process called AWS, by operation: the report shows it, and cost follows from it.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace ads::aws {

struct CallCounts {
  std::map<std::string, std::uint64_t> attempts;  // "sns.PublishBatch" -> requests sent, repeats included
  std::uint64_t retries = 0;
  std::uint64_t throttles = 0;  // answers that said so
  std::uint64_t total() const;
};

// Since the process started, or since the last reset.
CallCounts call_counts();
void reset_call_counts();

void count_attempt(std::string_view service, std::string_view operation);
void count_retry();
void count_throttle();

}  // namespace ads::aws
