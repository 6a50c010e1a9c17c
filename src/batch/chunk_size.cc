#include "batch/chunk_size.h"

#include <algorithm>

namespace ads::batch {
namespace {

constexpr double kWorthwhile = 1.1;  // the chain takes so many times as long as the calls in flight need

double chain_seconds(const CallLoad& load) {
  return load.chain * load.seconds;
}

// Of a chunk whose calls need not wait for each other.
double busy_seconds(const CallLoad& load, double calls_in_flight) {
  return std::max(load.calls * load.seconds / calls_in_flight, load.paced_seconds);
}

}  // namespace

std::size_t most_chunk_growth(std::size_t megabytes) {
  return std::clamp<std::size_t>(megabytes / 16, 1, kMostChunkGrowth);
}

bool is_chain_bound(const CallLoad& publishing, const CallLoad& queueing, double calls_in_flight) {
  double chain = std::max(chain_seconds(publishing), chain_seconds(queueing));
  double busy = std::max(busy_seconds(publishing, calls_in_flight), busy_seconds(queueing, calls_in_flight));
  // One call waits for nothing.
  return std::max(publishing.chain, queueing.chain) > 1 && chain > kWorthwhile * busy;
}

bool wants_more_lines(const CallLoad& publishing, const CallLoad& queueing, double calls_in_flight) {
  return is_chain_bound(publishing, queueing, calls_in_flight) &&
         std::max(chain_seconds(publishing), chain_seconds(queueing)) < kMostGrowingSeconds;
}

}  // namespace ads::batch
