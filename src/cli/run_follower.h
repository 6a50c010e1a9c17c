// Waits for the end of a run and shows how far it is: the second half of `ads submit --wait` and `ads resume --wait`.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include "cli/session.h"

namespace ads::cli {

// Prints the report in the end. The exit code is exit_code_of(report). `size`: the file's bytes.
Task<int> follow_run(Session& session, std::string run_id, std::uint64_t size, std::chrono::seconds timeout);

}  // namespace ads::cli
