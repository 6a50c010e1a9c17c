// What is known about one shard: how far it has come, who works on it, and what went wrong.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "batch/counters.h"
#include "batch/decompress.h"
#include "batch/layout.h"
#include "batch/shard.h"

namespace ads::batch {

enum class ShardStatus {
  open,
  done,
  dead,  // given up: `trouble` says why. A resumed run opens it again
};

struct ShardState {
  Shard range;
  std::uint64_t offset = 0;  // the first byte whose line has not had its effect
  std::uint64_t fence = 0;   // grows with every lease; who holds an older one writes nothing any more
  std::uint32_t stalls = 0;  // leases since the last checkpoint, the present one included
  std::string lease_owner;
  SystemTime lease_until{};
  ShardStatus status = ShardStatus::open;
  std::string trouble;           // what the last lease ended with, where it ended early
  std::optional<Layout> layout;  // known after the first chunk
  Compression compression = Compression::none;
  std::uint64_t bytes_read = 0;  // of the object; of a shard that is done
  Counters counters;
};

}  // namespace ads::batch
