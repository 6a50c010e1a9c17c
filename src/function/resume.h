// A run that failed is continued: what an operator does once the cause is fixed.
#pragma once
#include <string>

#include "function/flow.h"

namespace ads::function {

struct Resumed {
  StoredRun run;                      // RUNNING
  std::vector<std::uint32_t> shards;  // sent to the workers; none: only its end is done again
};

// Opens the dead shards, and sends messages for all that are not done. Repeatable. Errors: not_found; conflict /
// "NotFailed", when the run did not fail; not_found / "FileGone", when the object is not there any more.
Task<Result<Resumed>> resume_run(World& world, Flow& flow, std::string run_id);

}  // namespace ads::function
