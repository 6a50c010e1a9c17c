// The quarantine's pieces become one object: those of a shard where it ends, all of them where the run does.
#pragma once
#include <string>

#include "batch/shard.h"
#include "function/flow.h"

namespace ads::function {

// Joins the pieces of one shard into quarantine_shard_key(): else the end of a run with a million pieces would take
// longer than an invocation lasts. Without pieces there is no object. Repeatable; the pieces stay.
Task<Result<void>> join_shard_quarantine(World& world, Flow& flow, std::string bucket, std::string run_id,
                                         batch::Shard range);

// Joins everything into batch::quarantine_key(run_id), which it gives; the pieces stay. Repeatable.
Task<Result<std::string>> join_quarantine(World& world, Flow& flow, std::string bucket, std::string run_id);

}  // namespace ads::function
