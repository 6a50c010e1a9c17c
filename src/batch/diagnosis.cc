#include "batch/diagnosis.h"

#include <fmt/format.h>

#include <algorithm>

#include "batch/mail.h"
#include "batch/utf8.h"

namespace ads::batch {
namespace {

constexpr std::size_t kQuotedBytes = 40;

// What to do about lines that are all bad for that reason.
std::string_view cure(Reason reason) {
  switch (reason) {
    case Reason::nul:
      return "this is not text: save the export as CSV in UTF-8";
    case Reason::bad_utf8:
      return "save it as UTF-8 (in Excel: \"CSV UTF-8\")";
    case Reason::line_too_long:
      return "write one record per line, ended by a newline";
    case Reason::bad_json:
      return "write one JSON object per line";
    case Reason::field_count:
      return "write status_code,retry_count,service_uuid in each line";
    case Reason::status_not_int:
    case Reason::status_range:
      return "the first column has to be an HTTP status code from 100 to 599, or a header has to say which column is";
    case Reason::retry_not_int:
    case Reason::retry_range:
      return "retry_count has to be a whole number from 0 to 1,000";
    case Reason::uuid_syntax:
      return "service_uuid has to be the id that the users table has, 1 to 128 of letters, digits, '-', '_', '.', ':'";
    case Reason::oversize:
    case Reason::sender_fault:
      break;
  }
  return "correct the lines";
}

std::string capitalized(std::string_view text) {
  std::string out(text);
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] -= 'a' - 'A';
  return out;
}

// "600 STATUS_NOT_INT, 20 FIELD_COUNT", the most frequent first.
std::string by_reason(const Counters& counters) {
  std::vector<std::pair<std::uint64_t, Reason>> counts;
  for (Reason reason : kAllReasons)
    if (auto n = counters.quarantined_by_reason[static_cast<std::size_t>(reason)]) counts.emplace_back(n, reason);
  std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string out;
  for (const auto& [count, reason] : counts)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", with_thousands(count), to_string(reason));
  return out;
}

std::string by_counts(const Beginning& beginning, int max_bad_percent) {
  const Counters& c = beginning.counters();
  const SampleLine& first = *beginning.first_bad();
  bool is_one_reason = c.quarantined_by_reason[static_cast<std::size_t>(first.reason)] == c.quarantined();
  if (is_one_reason && beginning.good() == 0)
    return fmt::format("{} ({}): {}.",
                       c.quarantined() == 1
                           ? capitalized(explain(first.reason))
                           : fmt::format("Every line is bad for one reason, {}", explain(first.reason)),
                       where_and_what(first), cure(first.reason));
  std::string those = beginning.is_whole_file() ? "" : "the first ";
  std::string limit =
      beginning.good() == 0 ? "" : fmt::format(", which is more than {} percent (MaxBadPercent)", max_bad_percent);
  return fmt::format("{} of {}{} records cannot be read{}: {}; {}: {}.", with_thousands(c.quarantined()), those,
                     with_thousands(c.records()), limit, by_reason(c), where_and_what(first), cure(first.reason));
}

}  // namespace

std::string in_quotes(std::string_view text) {
  return fmt::format("'{}'", shorten(plain_line(repair_utf8(text)), kQuotedBytes));
}

std::string where_and_what(const SampleLine& line) {
  return fmt::format("line {}: {}", with_thousands(line.number), plain_line(line.detail));
}

std::optional<std::string> diagnose(const Beginning& beginning, int max_bad_percent) {
  const Counters& c = beginning.counters();
  if (c.records() == 0) {
    if (beginning.is_whole_file()) return std::nullopt;
    return fmt::format("None of the first {} lines is a record: they are blank or a header; delete them.",
                       with_thousands(c.lines));
  }
  bool has_too_many =
      max_bad_percent < 100 && c.quarantined() * 100 > c.records() * static_cast<std::uint64_t>(max_bad_percent);
  if (beginning.good() > 0 && !has_too_many) return std::nullopt;
  for (auto ask : {foreign_content, misnamed_members, misread_columns})
    if (auto sentence = ask(beginning)) return sentence;
  return by_counts(beginning, max_bad_percent);
}

}  // namespace ads::batch
