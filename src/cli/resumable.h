// Which runs an operator may resume or cancel, and what to do about the others.
#pragma once
#include <string>

#include "function/stored_run.h"

namespace ads::cli {

// A sentence with the next step; empty for a run that may be resumed.
std::string objection_to_resuming(const function::StoredRun& run);
// The same for canceling.
std::string objection_to_canceling(const function::StoredRun& run);

}  // namespace ads::cli
