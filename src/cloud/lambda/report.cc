#include "cloud/lambda/report.h"

#include <cmath>

namespace ads::cloud::lambda {

namespace {

bool is_json(const Function& function) {
  return function.log_format == "JSON";
}

// Lambda's own events are shown at INFO; WARN hides them.
bool is_hidden(const Function& function) {
  return is_json(function) && function.system_log_level == "WARN";
}

std::string platform_event(std::string_view type, SystemTime now, json::object record) {
  return json::serialize(json::object{{"time", iso8601(now)}, {"type", type}, {"record", std::move(record)}}) + "\n";
}

double rounded(Duration duration) {
  return std::round(duration.count() * 1000) / 1000;
}

std::uint64_t megabytes(std::uint64_t bytes) {
  return (bytes + (1u << 20) - 1) >> 20;
}

// Initialisation is billed with the first invocation.
std::int64_t billed(const Report& report) {
  return static_cast<std::int64_t>(std::ceil((report.duration + report.init.value_or(Duration{})).count()));
}

}  // namespace

std::string start_line(const Function& function, std::string_view request_id, SystemTime now) {
  if (is_hidden(function)) return {};
  if (is_json(function))
    return platform_event("platform.start", now, {{"requestId", request_id}, {"version", function.version}});
  return fmt::format("START RequestId: {} Version: {}\n", request_id, function.version);
}

std::string end_line(const Function& function, std::string_view request_id) {
  return is_json(function) ? "" : fmt::format("END RequestId: {}\n", request_id);
}

std::string report_line(const Function& function, const Report& report, SystemTime now) {
  if (is_hidden(function)) return {};
  if (is_json(function)) {
    json::object metrics{{"durationMs", rounded(report.duration)},
                         {"billedDurationMs", billed(report)},
                         {"memorySizeMB", function.memory},
                         {"maxMemoryUsedMB", megabytes(report.peak_bytes)}};
    if (report.init) metrics["initDurationMs"] = rounded(*report.init);
    json::object record{{"requestId", report.request_id},
                        {"metrics", std::move(metrics)},
                        {"status", report.status.empty() ? "success" : report.status}};
    if (!report.error_type.empty()) record["errorType"] = report.error_type;
    return platform_event("platform.report", now, std::move(record));
  }
  std::string line = fmt::format(
      "REPORT RequestId: {}\tDuration: {:.2f} ms\tBilled Duration: {} ms\tMemory Size: {} MB\tMax Memory Used: {} MB\t",
      report.request_id, report.duration.count(), billed(report), function.memory, megabytes(report.peak_bytes));
  if (report.init) line += fmt::format("Init Duration: {:.2f} ms\t", report.init->count());
  if (!report.status.empty()) line += fmt::format("Status: {}\t", report.status);
  if (!report.error_type.empty()) line += fmt::format("Error Type: {}\t", report.error_type);
  return line + "\n";
}

std::string init_report_line(const Function& function, Duration took, std::string_view phase, std::string_view status,
                             std::string_view error_type, SystemTime now) {
  if (is_hidden(function)) return {};
  if (is_json(function)) {
    json::object record{{"initializationType", "on-demand"},
                        {"phase", phase},
                        {"status", status},
                        {"metrics", {{"durationMs", rounded(took)}}}};
    if (!error_type.empty()) record["errorType"] = error_type;
    return platform_event("platform.initReport", now, std::move(record));
  }
  auto line = fmt::format("INIT_REPORT Init Duration: {:.2f} ms\tPhase: {}\tStatus: {}", took.count(), phase, status);
  if (!error_type.empty()) line += fmt::format("\tError Type: {}", error_type);
  return line + "\n";
}

std::string timeout_message(std::chrono::seconds limit) {
  return fmt::format("Task timed out after {:.2f} seconds", static_cast<double>(limit.count()));
}

}  // namespace ads::cloud::lambda
