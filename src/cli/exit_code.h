// The exit codes of commands that may end in part: runs, and imports of users.
#pragma once
#include "base/json.h"
#include "function/stored_run.h"

namespace ads::cli {

// Beside kSuccess, kFailure and kUsage: done, but for some lines, retries or users that could not be read or answered.
inline constexpr int kDoneInPart = 3;

// Of a run's report: kSuccess or kDoneInPart where it is DONE and adds up, else kFailure.
int exit_code_of(const json::object& report);
// Of a run as it is stored: kSuccess while it is at work, too.
int exit_code_of(const function::StoredRun& run);

}  // namespace ads::cli
