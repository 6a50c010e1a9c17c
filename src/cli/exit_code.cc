#include "cli/exit_code.h"

#include "cli/session.h"

namespace ads::cli {

int exit_code_of(const json::object& report) {
  bool is_done = get_string(report, "status") == "DONE" && get_bool(report, "reconciled") == true;
  if (!is_done) return kFailure;
  const json::object* retries = get_object(report, "retries");
  bool lost_retries = retries && (get_integer(*retries, "quarantined").value_or(0) > 0 ||
                                  get_integer(*retries, "dead").value_or(0) > 0);
  return get_integer(report, "quarantined") == 0 && !lost_retries ? kSuccess : kDoneInPart;
}

int exit_code_of(const function::StoredRun& run) {
  if (!batch::is_final(run.run.status)) return kSuccess;
  if (run.run.status != batch::RunStatus::done) return kFailure;
  bool lost_retries = run.retries && (run.retries->quarantined > 0 || run.retries->dead > 0);
  return run.run.counters.quarantined() == 0 && !lost_retries ? kSuccess : kDoneInPart;
}

}  // namespace ads::cli
