// The report of a run as objects in the bucket and as a mail.
#pragma once
#include <string>

#include "batch/report.h"
#include "function/flow.h"

namespace ads::function {

batch::Report report_of(const Flow& flow, const StoredRun& run, std::vector<batch::BadLine> bad_lines);
// The same with its first bad lines, read from the quarantine.
Task<Result<batch::Report>> full_report(World& world, Flow& flow, const StoredRun& run);
// reports/<runId>.json, .html and .txt.
Task<Result<void>> put_report(World& world, Flow& flow, const batch::Report& report);
// Why it was not mailed; empty when it was. Otherwise it goes to the operators' topic. A mail that fails never fails
// anything else.
Task<std::string> mail_or_log(World& world, Flow& flow, batch::Mail mail);

}  // namespace ads::function
