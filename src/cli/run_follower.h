// Waits for the end of a run and shows how far it is: the second half of `ads submit --wait` and `ads resume --wait`.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include "cli/session.h"

namespace ads::cli {

// Prints the report in the end. The exit code: kSuccess only where the run is DONE and its report adds up. `size`: the
// file's bytes.
Task<int> follow_run(Session& session, std::string run_id, std::uint64_t size, std::chrono::seconds timeout);

}  // namespace ads::cli
