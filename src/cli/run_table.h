// The runs as the operator's commands see them: the Runs table, and the reports in the bucket.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/session.h"
#include "function/stored_run.h"

namespace ads::cli {

// Newest first, at most `most`. Errors: those of the stack and of DynamoDB's Query.
Task<Result<std::vector<function::StoredRun>>> newest_runs(Session& session, std::size_t most);

Task<Result<std::optional<function::StoredRun>>> find_run(Session& session, std::string run_id);

// The bytes of the file whose lines have had their effect, over all shards.
Task<Result<std::uint64_t>> bytes_settled(Session& session, const function::StoredRun& run);

// reports/<runId>.json as stored. Errors: not_found / "NoReport" with what the run is doing instead.
Task<Result<json::object>> read_report(Session& session, std::string run_id);
// One of the forms beside it: "txt", "html".
Task<Result<std::string>> read_report_text(Session& session, std::string run_id, std::string form);

json::object run_json(const function::StoredRun& run);

}  // namespace ads::cli
