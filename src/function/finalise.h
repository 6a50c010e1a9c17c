// The end of a run as a saga: each step is conditional on the one before it and may be repeated.
#pragma once
#include <string>

#include "batch/report.h"
#include "function/flow.h"

namespace ads::function {

// From FINALISING to DONE or FAILED: joins the quarantine, copies the file to its new name, removes the old one,
// reports. A run with a sentence keeps its file. Errors: those that may pass, and denied: the next invocation goes on
// where this one ended. Gives the run as stored.
Task<Result<StoredRun>> finalise(World& world, const Settings& settings, Flow& flow, StoredRun run);

// RUNNING to FINALISING with the sums of all shards; a sentence makes the run fail.
Task<Result<StoredRun>> close_run(World& world, Flow& flow, StoredRun run, std::string sentence);

// save(), and after a conflict a look whether it was our own write: gives what is stored now, by whomever.
Task<Result<StoredRun>> save_run(World& world, Flow& flow, StoredRun run);

batch::Report report_of(const StoredRun& run, std::vector<batch::BadLine> bad_lines);
// reports/<runId>.json, .html and .txt.
Task<Result<void>> put_report(World& world, Flow& flow, const batch::Report& report);
// Why it was not mailed; empty when it was. A mail that fails never fails anything else.
Task<std::string> mail_or_log(World& world, batch::Mail mail);

}  // namespace ads::function
