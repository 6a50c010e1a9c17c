#include <fmt/format.h>

#include <array>

#include "batch/html.h"
#include "batch/report.h"
#include "batch/utf8.h"

namespace ads::batch {
namespace {

using html::Rows;

constexpr std::size_t kExcerpt = 200;  // bytes of a bad line in a mail

std::string count(std::uint64_t number) {
  return with_thousands(number);
}

// What the mail says first, in either form.
struct Verdict {
  html::Tone tone;
  std::string label, sentence;
};

Verdict verdict(const Report& report) {
  auto with_dot = [](std::string text) { return text.empty() || text.ends_with('.') ? text : text + "."; };
  Reconciliation check = reconcile(report);
  std::string sentence = with_dot(report.sentence);
  if (report.status != ReportStatus::done) {
    // That lines or bytes are missing follows from the reason.
    if (report.status == ReportStatus::failed && report.counters.lines == 0)
      sentence += " Nothing was sent, and the file keeps its name.";
    auto tone = report.status == ReportStatus::partial ? html::Tone::warning : html::Tone::bad;
    return {tone, fmt::format("{}.", to_string(report.status)), sentence};
  }
  if (!check.ok())
    return {html::Tone::bad, "MISMATCH.", check.mismatch + ". The counts of this report can't be relied on."};
  std::string hint = other_spelling_sentence(report.counters);
  if (!hint.empty()) hint.insert(0, " ");
  if (auto bad = report.counters.quarantined())
    return {
        html::Tone::warning, "Done.",
        fmt::format("Every line is accounted for. {} {} in quarantine: `ads quarantine {} --csv` prints {} as a file "
                    "to correct.{}",
                    count(bad), bad == 1 ? "is" : "are", report.run_id, bad == 1 ? "it" : "them", hint)};
  if (report.counters.records() == 0) return {html::Tone::good, "Done.", "The file has no records: nothing was sent."};
  return {hint.empty() ? html::Tone::good : html::Tone::warning, "Done.", "Every line is accounted for." + hint};
}

Rows totals(const Report& report) {
  return {{"Total Processed", count(report.total_processed())},
          {"Total Retries", count(report.total_retries())},
          {"Total Successful", count(report.total_successful())},
          {"Total Not Processed", count(report.total_not_processed())}};
}

Rows file_rows(const Report& report) {
  Rows rows{{"File", report.object.key}, {"Bucket", report.object.bucket}};
  if (!report.object.version_id.empty()) rows.push_back({"Version", report.object.version_id});
  std::string size = count(report.object.size) + " bytes";
  if (report.compression != Compression::none)
    size += fmt::format(" ({}, {} bytes of content)", to_string(report.compression), count(report.counters.bytes));
  rows.insert(rows.end(), {{"Size", size},
                           {"Run", report.run_id},
                           {"Start", local_and_utc(report.start, report.time_zone)},
                           {"End", local_and_utc(report.end, report.time_zone)},
                           {"Duration", fmt::format("{:.3f} s", report.seconds())},
                           {"Records per second", count(static_cast<std::uint64_t>(report.records_per_second() + 0.5))},
                           {"Processed file", report.processed_key.empty() ? "(not renamed)" : report.processed_key}});
  if (report.inspection == Inspection::verified)
    rows.push_back({"Verified", "decompressed to its end before the first record was processed"});
  if (report.inspection == Inspection::unverified)
    rows.push_back({"Verified", "no: it is larger than VerifyBytes, or that would have taken too long"});
  if (!report.quarantine_key.empty()) {
    rows.push_back({"Quarantine file", fmt::format("s3://{}/{}", report.object.bucket, report.quarantine_key)});
    rows.push_back({"Lines to correct", fmt::format("ads quarantine {} --csv > fixed.csv", report.run_id)});
  }
  return rows;
}

Rows line_rows(const Report& report) {
  const Counters& c = report.counters;
  Rows rows{{"Lines", count(c.lines)},
            {"Blank", count(c.blank)},
            {"Header", count(c.header)},
            {"Queued for another try", count(c.retry_queued)},
            {"Processed (user active)", count(c.processed)},
            {"User not active", count(c.not_active)},
            {"User not found", count(c.not_found)},
            {"Quarantined", count(c.quarantined())}};
  Reconciliation check = reconcile(report);
  bool has_mismatch = report.status == ReportStatus::done && !check.ok();
  std::string_view which = has_mismatch ? "MISMATCH" : check.ok() ? "all" : "of those read";
  rows.push_back({"Accounted for", fmt::format("{} lines, {}", count(c.settled()), which)});
  return rows;
}

Rows retry_rows(const Report& report) {
  if (!report.retries) return {};
  const RetryTally& tally = *report.retries;
  return {{"Processed (user active)", count(tally.processed)},
          {"User not active", count(tally.not_active)},
          {"User not found", count(tally.not_found)},
          {"Quarantined", count(tally.quarantined)},
          {"Dead (in the dead-letter queue)", count(tally.dead)},
          {"Reordered (after a later one of their user)", count(tally.reordered)}};
}

Rows reason_rows(const Report& report) {
  Rows rows;
  for (Reason reason : kAllReasons)
    if (auto n = report.counters.quarantined_by_reason[static_cast<std::size_t>(reason)])
      rows.push_back({fmt::format("{}: {}", to_string(reason), explain(reason)), count(n)});
  return rows;
}

Rows status_rows(const Report& report) {
  Rows rows;
  const auto& codes = report.counters.status_codes;
  for (std::size_t i = 0; i < codes.size(); ++i)
    if (codes[i]) rows.push_back({std::to_string(i + 100), count(codes[i])});
  return rows;
}

Rows engine_rows(const Report& report) {
  const Counters& c = report.counters;
  std::uint64_t records = c.records();
  std::string calls = count(c.api_calls);
  if (records)
    calls += fmt::format(" ({:.3f} per record)", static_cast<double>(c.api_calls) / static_cast<double>(records));
  return {{"Shards", count(report.shards)},
          {"Resumes", count(report.resumes)},
          {"Throttles", count(c.throttles)},
          {"Partial failures", count(c.partial_failures)},
          {"Reordered (after a later one of their user)", count(c.reordered)},
          {"Duplicates", count(c.duplicates)},
          {"Missing profile fields", count(c.missing_fields)},
          {"API calls", calls},
          {"ADS version", report.program_version}};
}

std::string excerpt(const BadLine& bad) {
  std::string text = shorten(repair_utf8(bad.text), kExcerpt);
  if (bad.truncated && !text.ends_with("...")) text += "...";
  return text;
}

// "7", or nothing where the shards before were not finished.
std::string line_number(const BadLine& bad) {
  return bad.number > 0 ? count(bad.number) : std::string("?");
}

std::string range_text(const ByteRange& range) {
  if (range.is_open()) return fmt::format("{} to the end of the content", count(range.begin));
  return fmt::format("{} to {}", count(range.begin), count(range.end));
}

std::string text_section(std::string_view title, const Rows& rows) {
  if (rows.empty()) return {};
  std::size_t width = 0;
  for (const auto& [name, value] : rows) width = std::max(width, name.size());
  std::string out = fmt::format("\n{}\n", title);
  for (const auto& [name, value] : rows) out += fmt::format("  {:<{}}  {}\n", name, width, plain_line(value));
  return out;
}

}  // namespace

std::string report_subject(const Report& report) {
  const Counters& c = report.counters;
  Reconciliation check = reconcile(report);
  bool is_done = report.status == ReportStatus::done;
  // Of a run that is not DONE the reason says what is missing.
  std::string head(!is_done          ? to_string(report.status)
                   : !check.ok()     ? "MISMATCH"
                   : c.quarantined() ? "DONE WITH QUARANTINE"
                                     : "DONE");
  std::string tail = fmt::format("{} records", count(c.records()));
  if (c.quarantined()) tail += fmt::format(", {} quarantined", count(c.quarantined()));
  if (is_done && !check.ok()) tail += ": " + check.mismatch;
  return header_line(fmt::format("[ADS] {} {}: {}", head, report.object.key, tail));
}

std::string report_html(const Report& report) {
  using html::Align;
  auto [tone, label, sentence] = verdict(report);
  std::string body = html::banner(tone, label, sentence) + html::tiles(totals(report)) +
                     html::two_columns("The file", file_rows(report), Align::left) +
                     html::two_columns("Its lines", line_rows(report), Align::right);
  if (auto rows = retry_rows(report); !rows.empty())
    body += html::two_columns("What became of its retries", rows, Align::right);
  if (auto rows = reason_rows(report); !rows.empty())
    body += html::two_columns("Quarantine by reason", rows, Align::right);
  if (!report.bad_lines.empty()) {
    std::vector<std::vector<std::string>> rows;
    for (const BadLine& bad : report.bad_lines)
      rows.push_back({line_number(bad), count(bad.offset), fmt::format("{}: {}", to_string(bad.reason), bad.detail),
                      excerpt(bad)});
    body += html::table("The first bad lines", {"Line", "At byte", "Reason", "Text"}, rows);
  }
  if (!report.unprocessed.empty() && report.counters.lines > 0) {
    std::vector<std::vector<std::string>> rows;
    for (const ByteRange& range : report.unprocessed) rows.push_back({range_text(range)});
    body += html::table("Not processed", {"Bytes"}, rows);
  }
  if (auto rows = status_rows(report); !rows.empty())
    body += html::two_columns("Records by status code", rows, Align::right);
  body += html::two_columns("How it went", engine_rows(report), Align::right);
  return html::page(fmt::format("Batch report: {}", report.object.key), tone, body);
}

std::string report_text(const Report& report) {
  auto [tone, label, sentence] = verdict(report);
  std::string out =
      fmt::format("BATCH REPORT {}\n\n{} {}\n", plain_line(report.object.key), label, plain_line(sentence));
  out += text_section("TOTALS", totals(report));
  out += text_section("THE FILE", file_rows(report));
  out += text_section("ITS LINES", line_rows(report));
  out += text_section("WHAT BECAME OF ITS RETRIES", retry_rows(report));
  out += text_section("QUARANTINE BY REASON", reason_rows(report));
  if (!report.bad_lines.empty()) {
    out += "\nTHE FIRST BAD LINES\n";
    for (const BadLine& bad : report.bad_lines)
      out += fmt::format("  line {}, byte {}: {}: {}\n    {}\n", line_number(bad), count(bad.offset),
                         to_string(bad.reason), plain_line(bad.detail), plain_line(excerpt(bad)));
  }
  if (!report.unprocessed.empty() && report.counters.lines > 0) {
    out += "\nNOT PROCESSED, BYTES\n";
    for (const ByteRange& range : report.unprocessed) out += fmt::format("  {}\n", range_text(range));
  }
  out += text_section("RECORDS BY STATUS CODE", status_rows(report));
  out += text_section("HOW IT WENT", engine_rows(report));
  return out;
}

Mail report_mail(const Report& report) {
  return {report_subject(report), report_html(report), report_text(report)};
}

}  // namespace ads::batch
