// The quarantine's pieces become one object: those of a shard where it ends, all of them where the run does.
#pragma once
#include <string>

#include "batch/shard.h"
#include "function/flow.h"

namespace ads::function {

// Joins the pieces of one shard into quarantine_shard_key(): else the end of a run with a million pieces would take
// longer than an invocation lasts. Repeatable; the pieces stay. Errors: conflict / "QuarantineIncomplete", where the
// pieces have not exactly `lines` lines: somebody else, who has joined and removed them, goes on; nothing is written.
Task<Result<void>> join_shard_quarantine(World& world, Flow& flow, std::string bucket, std::string run_id,
                                         batch::Shard range, std::uint64_t lines);

// Joins everything into batch::quarantine_key(run_id), which it gives; the pieces stay. Repeatable. Errors as above.
Task<Result<std::string>> join_quarantine(World& world, Flow& flow, std::string bucket, std::string run_id,
                                          std::uint64_t lines);

}  // namespace ads::function
