// The exit code of a command that shows how a run ended.
#pragma once
#include "base/json.h"
#include "function/stored_run.h"

namespace ads::cli {

// Beside kSuccess (all records answered), kFailure and kUsage: done, but some lines or retries were not answered.
inline constexpr int kQuarantined = 3;

// Of a run's report: kSuccess or kQuarantined where it is DONE and adds up, else kFailure.
int exit_code_of(const json::object& report);
// Of a run as it is stored: kSuccess while it is at work, too.
int exit_code_of(const function::StoredRun& run);

}  // namespace ads::cli
