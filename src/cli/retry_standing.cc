#include "cli/retry_standing.h"

namespace ads::cli {

RetryStanding standing_of(const function::StoredRun& run, const batch::RetryTally& tally) {
  RetryStanding standing;
  standing.run_id = run.run.id;
  standing.batch = run.run.object.key;
  standing.queued = run.run.counters.retry_queued;
  standing.tally = tally;
  standing.is_settled = run.retries.has_value();
  return standing;
}

json::object to_json(const RetryStanding& standing) {
  return {{"runId", standing.run_id},
          {"batch", standing.batch},
          {"queued", standing.queued},
          {"processed", standing.tally.processed},
          {"notActive", standing.tally.not_active},
          {"notFound", standing.tally.not_found},
          {"quarantined", standing.tally.quarantined},
          {"dead", standing.dead()},
          {"outstanding", standing.outstanding()},
          {"settled", standing.is_settled}};
}

}  // namespace ads::cli
