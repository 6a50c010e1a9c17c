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
      "run {} is {}: it is still at work, and the sweep continues by itself what was left between two steps; "
      "`ads status {}` shows how far it is",
      run.id, batch::to_string(run.status), run.id);
}

std::string objection_to_canceling(const function::StoredRun& stored) {
  const batch::Run& run = stored.run;
  if (batch::is_working(run.status)) {
    if (!run.sentence.empty() && !run.is_partial)
      return fmt::format("run {} is ending already: {}", run.id, run.sentence);
    return {};
  }
  if (batch::is_final(run.status))
    return fmt::format("run {} is {}, nothing of it is at work: `ads report {}` shows its report", run.id,
                       run.is_partial ? "PARTIAL" : batch::to_string(run.status), run.id);
  return fmt::format("run {} is {}: every line has been answered, and its report comes in a moment", run.id,
                     batch::to_string(run.status));
}

}  // namespace ads::cli
