#include "batch/shard.h"

#include <algorithm>

namespace ads::batch {

std::vector<Shard> one_shard(std::uint64_t size) {
  return {Shard{0, 0, size}};
}

std::vector<Shard> plan_shards(std::uint64_t size, const ShardLimits& limits) {
  std::uint64_t target = std::max<std::uint64_t>(limits.target_bytes, 1);
  if (size <= kInlineBytes || size <= target) return one_shard(size);
  std::uint64_t count = std::min<std::uint64_t>((size - 1) / target + 1, std::max<std::uint32_t>(limits.max_shards, 1));
  // The first `longer` shards are one byte longer, so that all together are exactly the file.
  std::uint64_t each = size / count, longer = size % count, start = 0;
  std::vector<Shard> shards;
  shards.reserve(count);
  for (std::uint64_t k = 0; k < count; ++k) {
    std::uint64_t end = start + each + (k < longer ? 1 : 0);
    shards.push_back({static_cast<std::uint32_t>(k), start, end});
    start = end;
  }
  return shards;
}

}  // namespace ads::batch
