#include "cli/stack_progress.h"

#include <fmt/core.h>

#include <algorithm>

#include "cli/stack_act.h"

namespace ads::cli {
namespace {

constexpr std::string_view kStackType = "AWS::CloudFormation::Stack";
constexpr std::size_t kMostFailures = 5;

Tone tone_of(std::string_view status) {
  if (status.ends_with("_FAILED")) return Tone::danger;
  if (status.find("ROLLBACK") != status.npos) return Tone::warning;
  return status.ends_with("_COMPLETE") ? Tone::good : Tone::plain;
}

std::string clock_text(const std::optional<SystemTime>& time) {
  return time ? iso8601_seconds(*time).substr(11, 8) : std::string(8, ' ');
}

// Stopped by somebody else's failure.
bool is_cancelled(std::string_view reason) {
  return reason.find("cancelled") != reason.npos || reason.find("canceled") != reason.npos;
}

}  // namespace

std::optional<Line> StackProgress::take(const aws::cloudformation::StackEvent& event) {
  bool is_stack = event.resource_type == kStackType && event.logical_id == stack_name_ &&
                  (event.physical_id.empty() || event.physical_id == event.stack_id);
  bool is_working = is_in_progress(event.status) || event.status == "REVIEW_IN_PROGRESS";
  if (is_stack) ending_ = is_working ? std::nullopt : std::optional(event.status);
  if (event.status.ends_with("_FAILED") && !is_stack && !is_cancelled(event.status_reason))
    failures_.push_back({event.logical_id, event.resource_type, event.status, event.status_reason});

  Row& row = rows_[event.logical_id];
  if (row.status == event.status) return std::nullopt;
  // CREATE_IN_PROGRESS after another kind of work begins anew; COMPLETE and FAILED end it.
  if (is_working || !row.since) row.since = event.time;
  row.type = event.resource_type;
  row.status = event.status;
  std::string took;
  if (!is_working && row.since && event.time && *event.time > *row.since)
    took = "  " + duration_text(*event.time - *row.since);
  std::string text = fmt::format("  {}  {:<28}  {:<26}  {}{}", clock_text(event.time), event.status, event.logical_id,
                                 event.resource_type, took);
  if (event.status.ends_with("_FAILED") && !event.status_reason.empty()) text += "\n      " + event.status_reason;
  return Line{text, tone_of(event.status)};
}

std::vector<Line> StackProgress::live(SystemTime now) const {
  std::vector<Line> lines;
  for (const auto& [name, row] : rows_) {
    if (!is_in_progress(row.status)) continue;
    auto age = row.since && now > *row.since ? duration_text(now - *row.since) : std::string("0 s");
    lines.push_back({fmt::format("  {:>8}  {:<28}  {:<26}  {}", age, row.status, name, row.type), tone_of(row.status)});
  }
  return lines;
}

std::string duration_text(std::chrono::milliseconds duration) {
  auto seconds = std::chrono::round<std::chrono::seconds>(duration).count();
  return seconds < 60 ? fmt::format("{} s", seconds) : fmt::format("{} min {} s", seconds / 60, seconds % 60);
}

std::vector<std::string> describe_failures(const std::vector<StackFailure>& failures) {
  std::vector<std::string> out;
  for (const auto& failure : failures) {
    if (out.size() == kMostFailures) {
      out.push_back(fmt::format("... and {} more", failures.size() - kMostFailures));
      break;
    }
    std::string text = fmt::format("{} ({}): {}", failure.logical_id, failure.resource_type,
                                   failure.reason.empty() ? failure.status : failure.reason);
    if (auto advice = advice_on(failure.reason); !advice.empty()) text += "\n    -> " + advice;
    if (std::ranges::find(out, text) == out.end()) out.push_back(std::move(text));
  }
  return out;
}

}  // namespace ads::cli
