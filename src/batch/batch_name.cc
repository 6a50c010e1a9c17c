#include "batch/batch_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "batch/utf8.h"

namespace ads::batch {
namespace {

constexpr std::string_view kMiddle = "_Manually_Process_";
constexpr std::string_view kMiddleAfter = "_Manually_Processed_";
// One of either, both or none, in any case.
constexpr std::array<std::string_view, 6> kFormats{".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson"};
constexpr std::array<std::string_view, 5> kCompressions{".gz", ".zst", ".bz2", ".xz", ".zip"};
constexpr std::array<std::string_view, 5> kWorkbooks{".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"};

std::unexpected<Refusal> refuse(RefusalReason reason, std::string sentence) {
  return std::unexpected(Refusal{reason, std::move(sentence)});
}

std::unexpected<Refusal> bad_name(std::string_view key) {
  return refuse(
      RefusalReason::bad_name,
      fmt::format("'{}' is not the name of a batch file: it has to be DES_Manually_Process_DD-MM-YYYY or "
                  "ADS_Manually_Process_DD-MM-YYYY, alone or with .csv, .tsv, .txt, .json, .jsonl or .ndjson, "
                  "and .gz, .zst, .bz2, .xz or .zip after it. "
                  "Upload the file again under such a name.",
                  shorten(repair_utf8(key), 300)));
}

std::unexpected<Refusal> workbook_name(std::string_view key) {
  return refuse(
      RefusalReason::bad_name,
      fmt::format("'{}' is the name of a workbook, which is not read: open it in the spreadsheet program, save "
                  "it as CSV (\"CSV UTF-8\"), and upload that under a name that ends with .csv.",
                  shorten(repair_utf8(key), 300)));
}

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  return out;
}

bool is_extension(std::string_view text) {
  for (std::string_view format : kFormats) {
    if (!text.starts_with(format)) continue;
    std::string_view rest = text.substr(format.size());
    if (rest.empty() || std::ranges::find(kCompressions, rest) != kCompressions.end()) return true;
  }
  return text.empty() || std::ranges::find(kCompressions, text) != kCompressions.end();
}

// "22-11-2026" by its form alone.
bool is_date_form(std::string_view text) {
  if (text.size() != 10 || text[2] != '-' || text[5] != '-') return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i != 2 && i != 5 && (text[i] < '0' || text[i] > '9')) return false;
  return true;
}

int number(std::string_view digits) {
  int value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return value;
}

}  // namespace

std::expected<BatchName, Refusal> parse_batch_name(std::string_view key) {
  std::string_view rest = key;
  if (!rest.starts_with("DES") && !rest.starts_with("ADS")) return bad_name(key);
  BatchName name;
  name.family = rest.substr(0, 3);
  rest.remove_prefix(3);
  if (!rest.starts_with(kMiddle)) return bad_name(key);
  rest.remove_prefix(kMiddle.size());
  std::string_view date = rest.substr(0, 10);
  if (!is_date_form(date)) return bad_name(key);
  name.extension = rest.substr(10);
  std::string extension = lowered(name.extension);
  if (std::ranges::find(kWorkbooks, extension) != kWorkbooks.end()) return workbook_name(key);
  if (!is_extension(extension)) return bad_name(key);
  name.date = Date{std::chrono::year{number(date.substr(6))},
                   std::chrono::month{static_cast<unsigned>(number(date.substr(3, 2)))},
                   std::chrono::day{static_cast<unsigned>(number(date.substr(0, 2)))}};
  if (!name.date.ok())
    return refuse(
        RefusalReason::bad_date,
        fmt::format("{} is not a day of the calendar (day-month-year). Upload '{}' again under the right date.", date,
                    key));
  return name;
}

std::expected<BatchName, Refusal> accept_batch(std::string_view key, AcceptDates accept, Date today) {
  auto name = parse_batch_name(key);
  if (name && accept == AcceptDates::today && name->date != today)
    return refuse(
        RefusalReason::wrong_day,
        fmt::format("'{}' is for {}, and today is {}. Upload it again under today's date, or deploy the stack "
                    "with AcceptDates=any.",
                    key, format_date(name->date), format_date(today)));
  return name;
}

std::string batch_key(const BatchName& name) {
  return fmt::format("{}{}{}{}", name.family, kMiddle, format_date(name.date), name.extension);
}

std::string processed_key(const BatchName& name, int number) {
  std::string again = number <= 1 ? "" : fmt::format("_{}", number);
  return fmt::format("{}{}{}{}{}", name.family, kMiddleAfter, format_date(name.date), again, name.extension);
}

std::string quarantine_key(std::string_view run_id) {
  return fmt::format("{}{}.jsonl", kQuarantinePrefix, run_id);
}
std::string report_key(std::string_view run_id) {
  return fmt::format("{}{}.json", kReportPrefix, run_id);
}

}  // namespace ads::batch
