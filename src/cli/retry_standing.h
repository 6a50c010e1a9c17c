// How a run's retries stand: how many were queued, and how they ended.
#pragma once
#include <string>

#include "base/json.h"
#include "function/stored_run.h"

namespace ads::cli {

struct RetryStanding {
  std::string run_id, batch;
  std::uint64_t queued = 0;
  batch::RetryTally tally;  // as the ledger has it now
  bool is_settled = false;  // the sweep has reported how they ended
  function::RetryFailures failures = {};

  // Those that have not ended. A settled run has none: a record that never ended is dead, as the report says, until it
  // is redriven.
  std::uint64_t outstanding() const { return is_settled ? 0 : missing(); }
  std::uint64_t dead() const { return tally.dead + (is_settled ? missing() : 0); }

 private:
  std::uint64_t missing() const { return queued > tally.total() ? queued - tally.total() : 0; }
};

RetryStanding standing_of(const function::StoredRun& run, const batch::RetryTally& tally);
// "12 throttled, 3 denied; last error: AccessDenied: ... (2026-11-22T08:00:00Z)"; empty: no attempt has failed.
std::string why_tries_failed(const function::RetryFailures& failures);
// {"runId","batch","queued","processed","notActive","notFound","quarantined","dead","outstanding","settled",
// "failedTries": {kind: N}, "lastError", "lastErrorAt"}; the last three only where an attempt has failed.
json::object to_json(const RetryStanding& standing);

}  // namespace ads::cli
