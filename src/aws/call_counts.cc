#include "aws/call_counts.h"

#include <mutex>

namespace ads::aws {
namespace {

std::mutex mutex;
CallCounts counts;

}  // namespace

std::uint64_t CallCounts::total() const {
  std::uint64_t sum = 0;
  for (auto& [operation, number] : attempts) sum += number;
  return sum;
}

CallCounts call_counts() {
  std::lock_guard lock(mutex);
  return counts;
}

void reset_call_counts() {
  std::lock_guard lock(mutex);
  counts = {};
}

void count_attempt(std::string_view service, std::string_view operation) {
  std::string name(service);
  name.append(1, '.').append(operation);
  std::lock_guard lock(mutex);
  ++counts.attempts[name];
}

void count_retry() {
  std::lock_guard lock(mutex);
  ++counts.retries;
}

void count_throttle() {
  std::lock_guard lock(mutex);
  ++counts.throttles;
}

}  // namespace ads::aws
