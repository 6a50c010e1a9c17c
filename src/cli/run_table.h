// The runs as the operator's commands see them: the Runs table, and the reports in the bucket.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/session.h"
#include "function/stored_run.h"

namespace ads::cli {

// Newest first, at most `most`, none that began before `since`. Errors: those of the stack and of DynamoDB's Query.
Task<Result<std::vector<function::StoredRun>>> newest_runs(Session& session, std::size_t most, SystemTime since = {});

Task<Result<std::optional<function::StoredRun>>> find_run(Session& session, std::string run_id);

Task<Result<std::optional<function::ShardState>>> find_shard(Session& session, std::string run_id, std::uint32_t shard);

// The shards of a run, counted.
struct ShardOverview {
  std::uint64_t bytes_settled = 0;  // of the file: their lines have had their effect
  std::uint32_t open = 0;           // nobody has begun them, or their lease has ended
  std::uint32_t at_work = 0, done = 0, dead = 0;
  batch::Counters counters;                                   // the sum of their checkpoints
  batch::Compression compression = batch::Compression::none;  // what the bytes are counted in: those of the content
  std::vector<std::string> troubles;  // "shard 3, byte 4711: why", of the dead ones; at most kShownTroubles
};
inline constexpr std::size_t kShownTroubles = 10;
Task<Result<ShardOverview>> look_at_shards(Session& session, const function::StoredRun& run);

// reports/<runId>.json as stored. Errors: not_found / "NoReport" with what the run is doing instead.
Task<Result<json::object>> read_report(Session& session, std::string run_id);
// One of the forms beside it: "txt", "html".
Task<Result<std::string>> read_report_text(Session& session, std::string run_id, std::string form);

// The stored status, but PARTIAL for a run that failed for some of its shards only.
std::string_view shown_status(const function::StoredRun& run);
json::object run_json(const function::StoredRun& run);

}  // namespace ads::cli
