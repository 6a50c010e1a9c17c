// What the oracle has to say about runs whose file cannot be read.
#include <algorithm>

#include "simulation/oracle.h"

namespace ads::simulation {

using function::StoredRun;

// The decision comes before the first effect, whatever happened: none of its lines has one.
void Oracle::judge_refused_content(const ExpectedRun& expected, const StoredRun& run) {
  // Where two invocations did not reach the end of a compressed file it is processed unverified.
  bool was_not_verified = run.run.inspection == batch::Inspection::unverified;
  bool has_no_effect = expected.is_unreadable || (expected.is_verified_damage && !was_not_verified);
  if (!has_no_effect) return;
  for (const auto& [offset, id] : expected.record_ids)
    if (published_.contains(id) || queued_.contains(id))
      ground_.violate("run {} was refused and its line at {} had an effect", expected.run_id, offset);
  if (!run.quarantine_key.empty()) ground_.violate("run {} was refused and has a quarantine", expected.run_id);
}

// A line that has had no effect is listed as not processed, so that nobody has to send the whole file again.
void Oracle::judge_unprocessed(const ExpectedRun& expected, const StoredRun& run) {
  if (expected.is_replaced) return;
  for (const auto& [offset, id] : expected.record_ids) {
    bool is_quarantined = ground_.expectations.record(id)->fate == ExpectedRecord::Fate::quarantined;
    if (is_quarantined || published_.contains(id) || queued_.contains(id)) continue;
    bool is_listed = std::ranges::any_of(run.unprocessed, [offset](const batch::ByteRange& range) {
      return range.begin <= offset && offset < range.end;
    });
    if (!is_listed)
      ground_.violate("run {} failed and does not say that the line at {} is missing", expected.run_id, offset);
  }
}

}  // namespace ads::simulation
