#include "cli/resumable.h"

#include <fmt/core.h>

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
      "run {} is {}: it is still at work, and the sweep sends on by itself what was left between two "
      "steps; `ads status {}` shows how far it is",
      run.id, batch::to_string(run.status), run.id);
}

}  // namespace ads::cli
