#include "batch/shard.h"

#include <algorithm>

namespace ads::batch {

std::uint32_t shard_count(std::uint64_t size, const ShardLimits& limits) {
  std::uint64_t target = std::max<std::uint64_t>(limits.target_bytes, 1);
  if (size <= target) return 1;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>((size - 1) / target + 1, std::max<std::uint32_t>(limits.max_shards, 1)));
}

// The first `longer` shards are one byte longer, so that all together are exactly the file.
Shard shard_of(std::uint64_t size, std::uint32_t count, std::uint32_t index) {
  std::uint64_t each = size / count, longer = size % count;
  auto begin_of = [&](std::uint64_t k) { return k * each + std::min(k, longer); };
  return {index, begin_of(index), begin_of(index + 1ull)};
}

std::uint32_t shard_at(std::uint64_t size, std::uint32_t count, std::uint64_t offset) {
  std::uint32_t low = 0, high = count;  // the shard's index is in [low, high)
  while (high - low > 1) {
    std::uint32_t middle = low + (high - low) / 2;
    (shard_of(size, count, middle).start <= offset ? low : high) = middle;
  }
  return low;
}

}  // namespace ads::batch
