// Prints the report of a run: `ads report`, and the end of `ads submit --wait`.
#pragma once
#include <string>

#include "cli/session.h"

namespace ads::cli {

// The exit code is exit_code_of(report).
Task<int> print_report(Session& session, std::string run_id);

}  // namespace ads::cli
