#include "cli/resumable.h"

#include <fmt/core.h>

#include "batch/progress.h"

namespace ads::cli {

std::string objection_to_resuming(const function::StoredRun& stored) {
  const batch::Run& run = stored.run;
  switch (run.status) {
    case batch::RunStatus::failed:
      return {};
    case batch::RunStatus::done:
      return fmt::format("run {} is DONE: nothing is left to do; `ads report {}` shows its report", run.id, run.id);
    case batch::RunStatus::refused:
      return fmt::format("run {} was REFUSED, no line of it was processed: {} Drop the file again under a good name",
                         run.id, run.sentence);
    case batch::RunStatus::planned:
    case batch::RunStatus::running:
    case batch::RunStatus::finalising:
    case batch::RunStatus::copied:
    case batch::RunStatus::reported:
      break;
  }
  return fmt::format(
      "run {} is {}: it is still at work, and the sweep continues what a crash left between two steps; "
      "`ads status {}` shows how far it is",
      run.id, batch::to_string(run.status), run.id);
}

std::string objection_to_canceling(const function::StoredRun& stored) {
  const batch::Run& run = stored.run;
  if (batch::is_working(run.status)) {
    if (!run.sentence.empty() && !run.is_partial)
      return fmt::format("run {} is ending already: {}", run.id, run.sentence);
    if (run.shards_done < run.shard_count || run.shard_count == 0) return {};
    return fmt::format("every line of run {} has been answered, and its report comes in a moment: `ads report {}`",
                       run.id, run.id);
  }
  if (batch::is_final(run.status))
    return fmt::format("run {} is {}, nothing of it is at work: `ads report {}` shows its report", run.id,
                       run.is_partial ? "PARTIAL" : batch::to_string(run.status), run.id);
  return fmt::format("run {} is {}: no line of it is at work any more, and its report comes in a moment", run.id,
                     batch::to_string(run.status));
}

}  // namespace ads::cli
