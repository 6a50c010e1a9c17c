// The figures that Lambda's machinery runs by; a test turns them down.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <thread>
#include <vector>

namespace ads::cloud::lambda {

struct Limits {
  int account_concurrency = 1000;  // AWS's default
  std::size_t sandboxes = 32;      // at the same time on this machine, all functions together
  // How long a synchronous invocation waits when the machine is full: AWS has no such limit, so it is not refused at
  // once.
  std::chrono::milliseconds machine_patience{5'000};
  // Batches that one event source mapping runs side by side where it sets no MaximumConcurrency; AWS begins with five.
  std::size_t event_source_batches = std::max(5u, 2 * std::thread::hardware_concurrency());
  std::chrono::milliseconds init{10'000};
  std::chrono::milliseconds idle = std::chrono::minutes(5);  // an unused sandbox is ended then
  std::chrono::seconds credentials = std::chrono::hours(1);  // a sandbox is not used past its credentials
  std::chrono::milliseconds stop_grace{300};
  // Before the first and the second repetition of a failed asynchronous invocation.
  std::vector<std::chrono::milliseconds> retry_delays{std::chrono::minutes(1), std::chrono::minutes(2)};
  // A throttled event is tried again after this, doubled each time up to five minutes.
  std::chrono::milliseconds throttle_delay{1'000};
};

}  // namespace ads::cloud::lambda
