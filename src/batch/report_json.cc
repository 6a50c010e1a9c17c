#include <fmt/format.h>

#include <array>
#include <charconv>

#include "batch/report.h"

namespace ads::batch {
namespace {

// Reads fields and remembers the first that is missing or wrong.
struct Fields {
  const json::object& object;
  std::string_view wrong;

  void complain(std::string_view name) {
    if (wrong.empty()) wrong = name;
  }
  std::string text(std::string_view name) {
    auto value = get_string(object, name);
    if (!value) complain(name);
    return std::string(value.value_or(""));
  }
  std::uint64_t number(std::string_view name) {
    auto value = get_integer(object, name);
    if (!value || *value < 0) {
      complain(name);
      return 0;
    }
    return static_cast<std::uint64_t>(*value);
  }
  // What reports of earlier versions lack.
  std::uint64_t number_or_zero(std::string_view name) { return object.contains(name) ? number(name) : 0; }
  SystemTime time(std::string_view name) {
    auto value = parse_iso8601(text(name));
    if (!value) complain(name);
    return value ? *value : SystemTime{};
  }
  // One of the values of an enum, by to_string.
  template <class Enum, std::size_t n>
  Enum choice(std::string_view name, const std::array<Enum, n>& values) {
    std::string found = text(name);
    for (Enum value : values)
      if (to_string(value) == found) return value;
    complain(name);
    return values[0];
  }
  const json::object& child(std::string_view name) {
    static const json::object nothing;
    const json::object* found = get_object(object, name);
    if (!found) complain(name);
    return found ? *found : nothing;
  }
  const json::array& list(std::string_view name) {
    static const json::array nothing;
    const json::array* found = get_array(object, name);
    if (!found) complain(name);
    return found ? *found : nothing;
  }
};

constexpr std::array kStatuses{ReportStatus::done, ReportStatus::partial, ReportStatus::failed, ReportStatus::refused};

std::optional<std::uint64_t> count_of(const json::value& value) {
  if (value.is_int64() && value.get_int64() >= 0) return static_cast<std::uint64_t>(value.get_int64());
  if (value.is_uint64()) return value.get_uint64();
  return std::nullopt;
}

void read_counters(Fields& fields, Counters& c) {
  c.bytes = fields.number("contentBytes");
  c.lines = fields.number("lines");
  c.blank = fields.number("blank");
  c.header = fields.number("header");
  c.retry_queued = fields.number("retryQueued");
  c.processed = fields.number("processed");
  c.not_active = fields.number("notActive");
  c.not_found = fields.number("notFound");
  c.missing_fields = fields.number("missingFields");
  if (fields.object.contains("otherSpelling")) c.other_spelling = fields.number("otherSpelling");  // not in old ones
  c.duplicates = fields.number("duplicates");
  c.throttles = fields.number("throttles");
  c.partial_failures = fields.number("partialFailures");
  c.reordered = fields.number_or_zero("reordered");
  c.api_calls = fields.number("apiCalls");
  for (const auto& [name, value] : fields.child("quarantinedByReason")) {
    auto reason = parse_reason(name);
    auto count = count_of(value);
    if (!reason || !count) return fields.complain("quarantinedByReason");
    c.quarantined_by_reason[static_cast<std::size_t>(*reason)] = *count;
  }
  for (const auto& [name, value] : fields.child("statusCodes")) {
    int code = 0;
    auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), code);
    auto count = count_of(value);
    if (error != std::errc{} || end != name.data() + name.size() || code < 100 || code > 599 || !count)
      return fields.complain("statusCodes");
    c.status_codes[static_cast<std::size_t>(code - 100)] = *count;
  }
}

double rounded(double value) {
  return static_cast<double>(static_cast<std::int64_t>(value * 1000 + 0.5)) / 1000;
}

// {"processed","notActive","notFound","quarantined","dead"}, or null while some are outstanding.
json::value retries_json(const std::optional<RetryTally>& retries) {
  if (!retries) return nullptr;
  return json::object{{"processed", retries->processed}, {"notActive", retries->not_active},
                      {"notFound", retries->not_found},  {"quarantined", retries->quarantined},
                      {"dead", retries->dead},           {"reordered", retries->reordered}};
}

}  // namespace

json::object report_json(const Report& report) {
  const Counters& c = report.counters;
  Reconciliation check = reconcile(report);
  json::object by_reason, status_codes;
  for (Reason reason : kAllReasons)
    if (auto count = c.quarantined_by_reason[static_cast<std::size_t>(reason)]) by_reason[to_string(reason)] = count;
  for (std::size_t i = 0; i < c.status_codes.size(); ++i)
    if (c.status_codes[i]) status_codes[std::to_string(i + 100)] = c.status_codes[i];
  json::array bad_lines, unprocessed;
  for (const BadLine& bad : report.bad_lines) bad_lines.push_back(to_json(bad));
  for (const ByteRange& range : report.unprocessed)
    unprocessed.push_back(
        json::object{{"begin", range.begin}, {"end", range.is_open() ? json::value(nullptr) : json::value(range.end)}});
  return {{"runId", report.run_id},
          {"batch", report.object.key},
          {"status", to_string(report.status)},
          {"sentence", report.sentence},
          {"totalProcessed", report.total_processed()},
          {"totalRetries", report.total_retries()},
          {"totalSuccessful", report.total_successful()},
          {"totalNotProcessed", report.total_not_processed()},
          {"bytes", report.object.size},
          {"lines", c.lines},
          {"blank", c.blank},
          {"header", c.header},
          {"retryQueued", c.retry_queued},
          {"processed", c.processed},
          {"notActive", c.not_active},
          {"notFound", c.not_found},
          {"quarantined", c.quarantined()},
          {"quarantinedByReason", std::move(by_reason)},
          {"statusCodes", std::move(status_codes)},
          {"processedKey", report.processed_key},
          {"quarantineKey", report.quarantine_key},
          {"start", iso8601(report.start)},
          {"end", iso8601(report.end)},
          {"timeZone", report.time_zone.name()},
          {"seconds", rounded(report.seconds())},
          {"recordsPerSecond", rounded(report.records_per_second())},
          {"reconciled", check.ok()},
          {"mismatch", check.mismatch},
          {"bytesRead", report.bytes_read},
          {"contentBytes", c.bytes},
          {"compression", to_string(report.compression)},
          {"inspection", to_string(report.inspection)},
          {"bucket", report.object.bucket},
          {"versionId", report.object.version_id},
          {"etag", report.object.etag},
          {"missingFields", c.missing_fields},
          {"otherSpelling", c.other_spelling},
          {"duplicates", c.duplicates},
          {"throttles", c.throttles},
          {"partialFailures", c.partial_failures},
          {"reordered", c.reordered},
          {"apiCalls", c.api_calls},
          {"shards", report.shards},
          {"resumes", report.resumes},
          {"unprocessed", std::move(unprocessed)},
          {"badLines", std::move(bad_lines)},
          {"retries", retries_json(report.retries)},
          {"version", report.program_version}};
}

Result<Report> parse_report(const json::object& object) {
  Fields fields{object, {}};
  Report report;
  report.run_id = fields.text("runId");
  report.object.key = fields.text("batch");
  report.object.bucket = fields.text("bucket");
  report.object.version_id = fields.text("versionId");
  report.object.etag = fields.text("etag");
  report.object.size = fields.number("bytes");
  report.status = fields.choice("status", kStatuses);
  report.sentence = fields.text("sentence");
  report.program_version = fields.text("version");
  report.compression = fields.choice("compression", kAllCompressions);
  // Reports of older versions lack it.
  if (object.contains("inspection")) {
    auto inspection = parse_inspection(fields.text("inspection"));
    if (!inspection) fields.complain("inspection");
    report.inspection = inspection.value_or(Inspection::none);
  }
  report.bytes_read = fields.number("bytesRead");
  read_counters(fields, report.counters);
  report.start = fields.time("start");
  report.end = fields.time("end");
  if (auto zone = parse_time_zone(get_string(object, "timeZone").value_or("UTC")))
    report.time_zone = std::move(*zone);
  else
    fields.complain("timeZone");
  report.shards = static_cast<std::uint32_t>(fields.number("shards"));
  report.resumes = static_cast<std::uint32_t>(fields.number("resumes"));
  report.processed_key = fields.text("processedKey");
  report.quarantine_key = fields.text("quarantineKey");
  for (const json::value& value : fields.list("unprocessed")) {
    const json::object* range = value.if_object();
    auto begin = range ? get_integer(*range, "begin") : std::nullopt,
         end = range ? get_integer(*range, "end") : std::nullopt;
    bool is_open = range && range->contains("end") && range->at("end").is_null();
    if (!begin || *begin < 0 || (!is_open && (!end || *end < *begin))) {
      fields.complain("unprocessed");
      break;
    }
    report.unprocessed.push_back(
        {static_cast<std::uint64_t>(*begin), is_open ? kToEnd : static_cast<std::uint64_t>(*end)});
  }
  for (const json::value& value : fields.list("badLines")) {
    const json::object* line = value.if_object();
    auto bad = line ? bad_line_from_json(*line) : Result<BadLine>(fail(ErrorKind::corrupt, "", ""));
    if (!bad) {
      fields.complain("badLines");
      break;
    }
    report.bad_lines.push_back(std::move(*bad));
  }
  if (const json::value* retries = object.if_contains("retries"); retries && retries->is_object()) {
    Fields inner{retries->get_object(), {}};
    report.retries =
        RetryTally{inner.number("processed"),   inner.number("notActive"), inner.number("notFound"),
                   inner.number("quarantined"), inner.number("dead"),      inner.number_or_zero("reordered")};
    if (!inner.wrong.empty()) fields.complain("retries");
  }
  if (!fields.wrong.empty())
    return fail(ErrorKind::corrupt, "NotAReport",
                fmt::format("'{}' of the report is missing or not what a report has there", fields.wrong));
  return report;
}

}  // namespace ads::batch
