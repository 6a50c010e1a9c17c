// Cutting a file so that each line belongs to exactly one shard, whatever the cuts hit.
#pragma once
#include <cstdint>
#include <limits>

namespace ads::batch {

// The shard owns the lines whose first byte lies in [start, end).
struct Shard {
  std::uint32_t index = 0;
  std::uint64_t start = 0;
  std::uint64_t end = 0;

  bool operator==(const Shard&) const = default;
};

struct ShardLimits {
  std::uint64_t target_bytes = std::uint64_t{64} << 20;  // a shard's usual size
  std::uint32_t max_shards = 1000;                       // larger files get larger shards
};

// Up to this, a file is one shard inside dispatch.
inline constexpr std::uint64_t kInlineBytes = std::uint64_t{4} << 20;

// How many shards a file of that size gets, at least one, and which bytes the one of that index owns: equal parts,
// together exactly [0, size). Stored is only the count.
std::uint32_t shard_count(std::uint64_t size, const ShardLimits& limits);
Shard shard_of(std::uint64_t size, std::uint32_t count, std::uint32_t index);

// The index of the shard that owns a line beginning at `offset`.
std::uint32_t shard_at(std::uint64_t size, std::uint32_t count, std::uint64_t offset);

// Where the reading of a shard begins: one byte before its start, so that a newline there is seen (the first line is
// then owned whole). Go past `end` to finish the last owned line.
constexpr std::uint64_t read_from(const Shard& shard) {
  return shard.start == 0 ? 0 : shard.start - 1;
}

inline constexpr std::uint64_t kToEnd = std::numeric_limits<std::uint64_t>::max();
// The only shard of a file that is not cut (small, compressed, StrictOrdering): to the end of the content.
inline constexpr Shard kOnlyShard{0, 0, kToEnd};

}  // namespace ads::batch
