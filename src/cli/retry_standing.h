// How a run's retries stand: what was queued, and what of it has its end.
#pragma once
#include <string>

#include "base/json.h"
#include "function/stored_run.h"

namespace ads::cli {

struct RetryStanding {
  std::string run_id, batch;
  std::uint64_t queued = 0;
  batch::RetryTally tally;  // as the ledger has it now
  bool is_settled = false;  // the sweep has said what became of them
  function::RetryFailures failures = {};

  // Those without an end. Of a settled run there are none: what never came to an end is dead, as the report says, until
  // a redrive brings it back.
  std::uint64_t outstanding() const { return is_settled ? 0 : missing(); }
  std::uint64_t dead() const { return tally.dead + (is_settled ? missing() : 0); }

 private:
  std::uint64_t missing() const { return queued > tally.total() ? queued - tally.total() : 0; }
};

RetryStanding standing_of(const function::StoredRun& run, const batch::RetryTally& tally);
// "12 throttled, 3 denied; the last AccessDenied: ..., at 2026-11-22T08:00:00Z"; empty: no try has failed.
std::string why_tries_failed(const function::RetryFailures& failures);
// {"runId","batch","queued","processed","notActive","notFound","quarantined","dead","outstanding","settled",
// "failedTries": {kind: N}, "lastError", "lastErrorAt"}; the last three only where a try has failed.
json::object to_json(const RetryStanding& standing);

}  // namespace ads::cli
