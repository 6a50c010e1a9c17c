// The end of a run as a saga: each step is conditional on the one before it and may be repeated.
#pragma once
#include <string>

#include "batch/report.h"
#include "function/flow.h"

namespace ads::function {

struct FinaliseVisit {
  StoredRun run;         // as stored
  bool is_held = false;  // somebody else finalises it, until run.finaliser_until at most
};

// From the sums of all shards to DONE or FAILED: joins the quarantine, copies the file to its new name, removes the old
// one, reports. A run with a sentence keeps its file. `owner` does it alone, until its invocation's deadline: no
// invocation outlives that. Errors: those that may pass, and denied: the next invocation goes on where this one ended.
Task<Result<FinaliseVisit>> finalise(World& world, const Settings& settings, Flow& flow, StoredRun run,
                                     std::string owner);

// The run is sentenced, and finalised as a failed one.
Task<Result<FinaliseVisit>> finalise_as_failed(World& world, const Settings& settings, Flow& flow, StoredRun run,
                                               std::string owner, std::string sentence);

// PLANNED to RUNNING. Gives what is stored now, by whomever.
Task<Result<StoredRun>> mark_running(World& world, Flow& flow, StoredRun run);

// All retries of a run that is over have their end: says so in the report and by mail, and closes the run.
Task<Result<FinaliseVisit>> settle_retries(World& world, Flow& flow, StoredRun run, std::string owner,
                                           batch::RetryTally tally);

}  // namespace ads::function
