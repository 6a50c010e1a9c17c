#include "function/stored_run.h"

namespace ads::function {

bool StoredRun::is_open() const {
  if (!batch::is_final(run.status)) return true;
  return run.status != batch::RunStatus::refused && run.counters.retry_queued > 0 && !retries;
}

}  // namespace ads::function
