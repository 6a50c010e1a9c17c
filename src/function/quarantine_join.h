// The quarantine's pieces become one object: those of a shard where it ends, all of them where the run does.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "batch/shard.h"
#include "function/flow.h"

namespace ads::function {

// Joins the pieces of one shard into quarantine_shard_key(): else the end of a run with a million pieces would take
// longer than an invocation lasts. Repeatable; the pieces stay. Errors: conflict / "QuarantineIncomplete", where the
// pieces have not exactly `lines` lines: somebody else, who has joined and removed them, goes on; nothing is written.
Task<Result<void>> join_shard_quarantine(World& world, Flow& flow, std::string bucket, std::string run_id,
                                         batch::Shard range, std::uint64_t lines);

// How many lines the file has before the shard that owns that byte; nothing where a shard before it was not finished.
using LinesBefore = std::function<std::optional<std::uint64_t>(std::uint64_t start)>;

// Joins everything into batch::quarantine_key(run_id), which it gives; the pieces stay. Lines are numbered from the
// file's first line on. Repeatable. Errors as above.
Task<Result<std::string>> join_quarantine(World& world, Flow& flow, std::string bucket, std::string run_id,
                                          std::uint64_t lines, LinesBefore lines_before);

}  // namespace ads::function
