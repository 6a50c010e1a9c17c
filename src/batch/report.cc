#include "batch/report.h"

#include <fmt/format.h>

#include <algorithm>

namespace ads::batch {

std::string_view to_string(ReportStatus status) {
  switch (status) {
    case ReportStatus::done:
      return "DONE";
    case ReportStatus::partial:
      return "PARTIAL";
    case ReportStatus::failed:
      return "FAILED";
    case ReportStatus::refused:
      break;
  }
  return "REFUSED";
}

double Report::seconds() const {
  return std::max(0.001, std::chrono::duration<double>(end - start).count());
}

double Report::records_per_second() const {
  return static_cast<double>(counters.records()) / seconds();
}

std::uint64_t Report::total_not_processed() const {
  return counters.not_active + counters.not_found + counters.quarantined();
}

Reconciliation reconcile(const Report& report) {
  const Counters& c = report.counters;
  Reconciliation result;
  result.lines_match = c.lines == c.settled();
  bool covers_all = report.compression != Compression::none || c.bytes == report.object.size;
  result.bytes_match = report.bytes_read == report.object.size && covers_all;
  if (!result.lines_match)
    result.mismatch =
        fmt::format("{} of {} lines are accounted for", with_thousands(c.settled()), with_thousands(c.lines));
  if (!result.bytes_match) {
    std::uint64_t seen = report.bytes_read == report.object.size ? c.bytes : report.bytes_read;
    result.mismatch += fmt::format("{}{} of {} bytes were read as lines", result.mismatch.empty() ? "" : "; ",
                                   with_thousands(seen), with_thousands(report.object.size));
  }
  return result;
}

}  // namespace ads::batch
