// Who may finalise a run: one invocation at a time, until its deadline.
#pragma once
#include <string>

#include "function/flow.h"

namespace ads::function {

struct FinaliserLease {
  StoredRun run;  // as stored
  bool is_ours = false;
};

// Errors: those that may pass, and denied.
Task<Result<FinaliserLease>> take_finaliser_lease(World& world, Flow& flow, StoredRun run, std::string owner);

// save() by whoever has the lease. After a conflict a look whether it was our own write, whose answer got lost; if not,
// the lease has gone to somebody else: is_ours is false, and `run` is what they made of it.
Task<Result<FinaliserLease>> save_as_finaliser(World& world, Flow& flow, StoredRun run);

}  // namespace ads::function
