#include "batch/correction.h"

#include <array>

#include "base/json.h"
#include "batch/csv.h"
#include "batch/mail.h"
#include "batch/utf8.h"

namespace ads::batch {
namespace {

constexpr std::size_t kFieldBytes = 200;  // more than a service UUID may have
constexpr std::size_t kTextBytes = 1000;

std::string safe(std::string_view text, std::size_t bytes) {
  return shorten(plain_line(repair_utf8(text)), bytes);
}

std::string quoted_if_needed(std::string text) {
  if (text.find_first_of(",\";|\t") == text.npos) return text;
  std::string out = "\"";
  for (char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

// Beside the columns that are read: there an apostrophe in front does no harm.
std::string no_formula(std::string text) {
  return !text.empty() && std::string_view("=+-@").find(text[0]) != std::string_view::npos ? "'" + text : text;
}

using Fields = std::array<std::string, 3>;  // status, retry, user

Fields csv_fields(std::string_view line, const Layout& layout) {
  if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  CsvFields fields;
  (void)fields.split(line, layout.separator);  // the fields before a broken quote are there
  auto at = [&](std::uint32_t column) { return column < fields.size() ? std::string(fields[column]) : std::string(); };
  return {at(layout.status_column), at(layout.retry_column), at(layout.uuid_column)};
}

Fields json_fields(std::string_view line) {
  auto object = parse_json_object(line);
  if (!object) return {};
  auto member = [&](std::string_view name) -> std::string {
    const json::value* value = object->if_contains(name);
    if (!value || value->is_null()) return {};
    return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
  };
  return {member("statusCode"), member("retryCount"), member("serviceUUID")};
}

}  // namespace

std::string correction_header() {
  return "status_code,retry_count,service_uuid,line,reason,detail,original\n";
}

std::string correction_row(const BadLine& bad, const Layout& layout) {
  bool is_json = layout.format == Layout::Format::json_lines;
  Fields fields = bad.truncated ? Fields{} : is_json ? json_fields(bad.text) : csv_fields(bad.text, layout);
  std::string row;
  for (const std::string& field : fields) row += quoted_if_needed(safe(field, kFieldBytes)) + ',';
  row += (bad.number > 0 ? std::to_string(bad.number) : std::string()) + ',';
  row += std::string(to_string(bad.reason)) + ',';
  row += quoted_if_needed(no_formula(safe(bad.detail, kFieldBytes))) + ',';
  std::string text = safe(bad.text, kTextBytes);
  if (bad.truncated && !text.ends_with("...")) text += "...";
  return row + quoted_if_needed(no_formula(std::move(text))) + '\n';
}

}  // namespace ads::batch
