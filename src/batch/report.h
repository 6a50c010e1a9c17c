// The report of a run, as a value; mail and JSON are views of it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "batch/counters.h"
#include "batch/decompress.h"
#include "batch/inspection.h"
#include "batch/mail.h"
#include "batch/quarantine.h"
#include "batch/record.h"
#include "batch/retry_tally.h"
#include "batch/shard.h"
#include "batch/time_zone.h"

namespace ads::batch {

enum class ReportStatus { done, partial, failed, refused };
std::string_view to_string(ReportStatus status);  // "DONE", "PARTIAL", "FAILED", "REFUSED"

struct ByteRange {
  std::uint64_t begin = 0, end = 0;               // [begin, end)
  bool is_open() const { return end == kToEnd; }  // to the end of a content of unknown length
  bool operator==(const ByteRange&) const = default;
};

inline constexpr std::size_t kReportedBadLines = 10;

struct Report {
  std::string run_id;
  ObjectIdentity object;  // .key is the batch, .size its bytes
  ReportStatus status = ReportStatus::done;
  std::string sentence;         // why it is not DONE
  std::string program_version;  // of ADS
  Compression compression = Compression::none;
  Inspection inspection = Inspection::none;  // of a compressed file: was it verified before the first effect?
  std::uint64_t bytes_read = 0;              // of the object
  Counters counters;
  SystemTime start{}, end{};
  TimeZone time_zone;  // of the stack: times are shown in it, and in UTC
  std::uint32_t shards = 1;
  std::uint32_t resumes = 0;
  std::vector<ByteRange> unprocessed;  // of a PARTIAL report
  std::string processed_key;           // empty while the source keeps its name
  std::string quarantine_key;          // empty when nothing is in quarantine
  std::vector<BadLine> bad_lines;      // the first kReportedBadLines
  std::optional<RetryTally> retries;   // what became of those queued, once all are settled

  double seconds() const;             // at least 0.001
  double records_per_second() const;  // records (readable or not) by seconds

  // The seed's four: every record; those on the retry queue; those processed; those neither.
  std::uint64_t total_processed() const { return counters.records(); }
  std::uint64_t total_retries() const { return counters.retry_queued; }
  std::uint64_t total_successful() const { return counters.processed; }
  std::uint64_t total_not_processed() const;
};

// Does the report add up?
struct Reconciliation {
  bool lines_match = false;  // lines = blank + header + retry + processed + not-active + not-found + quarantined
  bool bytes_match = false;  // bytes read = size, and (uncompressed) the lines cover exactly as many
  std::string mismatch;      // a sentence, empty when both match
  bool ok() const { return lines_match && bytes_match; }
};
Reconciliation reconcile(const Report& report);

// Fixed field order; see docs/formats.md. parse errors: corrupt / "NotAReport", naming the field.
json::object report_json(const Report& report);
Result<Report> parse_report(const json::object& object);

std::string report_subject(const Report& report);
std::string report_html(const Report& report);
std::string report_text(const Report& report);
Mail report_mail(const Report& report);

}  // namespace ads::batch
