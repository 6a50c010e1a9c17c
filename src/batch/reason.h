// Why a line is in quarantine.
#pragma once
#include <array>
#include <optional>
#include <string_view>

namespace ads::batch {

// Stored by name in quarantine files, reports and counters. The order is the order of the checks.
enum class Reason {
  line_too_long,
  nul,
  bad_utf8,
  bad_json,
  field_count,
  status_not_int,
  status_range,
  retry_not_int,
  retry_range,
  uuid_syntax,
  oversize,      // alone larger than the service takes
  sender_fault,  // the service says that this entry can never succeed
};
inline constexpr std::size_t kReasonCount = 12;
extern const std::array<Reason, kReasonCount> kAllReasons;

std::string_view to_string(Reason reason);  // "LINE_TOO_LONG"
std::optional<Reason> parse_reason(std::string_view name);
// A short sentence for the report: "the line is longer than 4,096 bytes".
std::string_view explain(Reason reason);

}  // namespace ads::batch
