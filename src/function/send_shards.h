// Messages to the shards queue: one for each shard, or the one that asks for the end of a run.
#pragma once
#include <vector>

#include "function/flow.h"

namespace ads::function {

// Errors: what no repeating helps against, or the last one when the time is over; some may have been sent then.
Task<Result<void>> send_shards(World& world, Flow& flow, std::string run_id, std::vector<std::uint32_t> shards);
Task<Result<void>> send_all_shards(World& world, Flow& flow, const StoredRun& run);
Task<Result<void>> send_finalise(World& world, Flow& flow, std::string run_id);

}  // namespace ads::function
