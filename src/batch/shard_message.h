// A message on the shards queue: work on this shard, or finalise this run. It is a nudge only: what is stored about the
// run decides, so that a message may come twice, late, or for work that is done.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ads::batch {

// {"runId","shard"}; without "shard": finalise.
struct ShardMessage {
  std::string run_id;
  std::optional<std::uint32_t> shard;

  bool operator==(const ShardMessage&) const = default;

  bool is_finalise() const { return !shard; }
  std::string id() const;  // batch entry id: "12", "finalise"
  std::string body() const;
};

// Errors: invalid / "NotAShardMessage", naming the member: such a message can never succeed.
Result<ShardMessage> parse_shard_message(std::string_view body);

}  // namespace ads::batch
