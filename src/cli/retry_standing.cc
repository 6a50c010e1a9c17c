#include "cli/retry_standing.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/clock.h"
#include "batch/mail.h"
#include "cli/printable.h"

namespace ads::cli {
namespace {

// "not_found": "not found".
std::string in_words(std::string kind) {
  std::replace(kind.begin(), kind.end(), '_', ' ');
  return kind;
}

}  // namespace

RetryStanding standing_of(const function::StoredRun& run, const batch::RetryTally& tally) {
  RetryStanding standing;
  standing.run_id = run.run.id;
  standing.batch = run.run.object.key;
  standing.queued = run.run.counters.retry_queued;
  standing.tally = tally;
  standing.is_settled = run.retries.has_value();
  return standing;
}

std::string why_tries_failed(const function::RetryFailures& failures) {
  std::string out;
  for (const auto& [kind, count] : failures.attempts)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", batch::with_thousands(count), in_words(kind));
  if (out.empty() || failures.last_error.empty()) return out;
  return fmt::format("{}; last error: {} ({})", out, printable(failures.last_error), iso8601_seconds(failures.last_at));
}

json::object to_json(const RetryStanding& standing) {
  json::object out{{"runId", standing.run_id},
                   {"batch", standing.batch},
                   {"queued", standing.queued},
                   {"processed", standing.tally.processed},
                   {"notActive", standing.tally.not_active},
                   {"notFound", standing.tally.not_found},
                   {"quarantined", standing.tally.quarantined},
                   {"dead", standing.dead()},
                   {"outstanding", standing.outstanding()},
                   {"settled", standing.is_settled}};
  if (standing.failures.attempts.empty()) return out;
  json::object tries;
  for (const auto& [kind, count] : standing.failures.attempts) tries[kind] = count;
  out["failedTries"] = std::move(tries);
  out["lastError"] = standing.failures.last_error;
  out["lastErrorAt"] = iso8601(standing.failures.last_at);
  return out;
}

}  // namespace ads::cli
