// What the columns of a text look like, where reading them by the rules gives no records.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/json.h"
#include "batch/csv.h"
#include "batch/diagnosis.h"
#include "batch/record.h"
#include "batch/user_key.h"

namespace ads::batch {
namespace {

constexpr std::size_t kMostColumns = 64;

struct Separator {
  char character;
  std::string_view name;
};
// Those that batch files are read with stand first.
constexpr std::array kSeparators{Separator{',', "','"},
                                 Separator{';', "';'"},
                                 Separator{'\t', "a tab"},
                                 Separator{'|', "'|'"},
                                 Separator{':', "':'"},
                                 Separator{'^', "'^'"},
                                 Separator{'~', "'~'"},
                                 Separator{'#', "'#'"},
                                 Separator{'\x1f', "the control character 0x1F"},
                                 Separator{'\x01', "the control character 0x01"},
                                 Separator{'/', "'/'"},
                                 Separator{' ', "a space"}};
constexpr std::size_t kReadSeparators = 4;

std::string_view stripped(std::string_view text) {
  constexpr std::string_view around = " \t\r\"'";
  auto begin = text.find_first_not_of(around);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(around) - begin + 1);
}

std::vector<std::string_view> split(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  if (separator == ' ') line = stripped(line);
  while (fields.size() < kMostColumns) {
    auto end = line.find(separator);
    fields.push_back(stripped(line.substr(0, end)));
    if (end == line.npos) break;
    line.remove_prefix(end + 1);
    while (separator == ' ' && line.starts_with(' ')) line.remove_prefix(1);
  }
  return fields;
}

std::optional<int> number(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool looks_like_status(std::string_view text) {
  auto value = number(text);
  return value && *value >= 100 && *value <= 599;
}
bool looks_like_retry(std::string_view text) {
  auto value = number(text);
  return value && *value <= kMaxRetryCount;
}
// "2026-11-22", "22-11-2026", and either with a time behind it.
bool looks_like_date(std::string_view text) {
  std::string_view date = text.substr(0, text.find('T'));
  std::string form;
  for (char c : date.substr(0, 11)) form += c >= '0' && c <= '9' ? '9' : c;
  return form == "9999-99-99" || form == "99-99-9999";
}
// An id that is not a number: those with letters or hyphens, and UUIDs in all their spellings.
bool looks_like_user(std::string_view text) {
  UuidText buffer;
  text = user_key(text, UserKeyForm::as_is, buffer);
  if (!is_service_uuid(text) || looks_like_date(text)) return false;
  bool is_negative = text.starts_with('-') && text.find('-', 1) == text.npos;
  return std::any_of(text.begin(), text.end(), is_letter) || (text.find('-') != text.npos && !is_negative) ||
         is_uuid(text);
}

// The names of columns: no number among them, letters in each.
bool looks_like_header(const std::vector<std::string_view>& fields) {
  return std::all_of(fields.begin(), fields.end(), [](std::string_view field) {
    return field.empty() ||
           (std::any_of(field.begin(), field.end(), is_letter) && field.size() <= 64 &&
            std::none_of(field.begin(), field.end(), [](char c) { return c == '@' || c == '{'; }) &&
            std::count_if(field.begin(), field.end(), [](char c) { return c >= '0' && c <= '9'; }) <= 2);
  });
}

enum Role : std::size_t { status, retry, user };
constexpr std::array<std::string_view, 3> kNames{"status_code", "retry_count", "service_uuid"};
constexpr std::array<std::string_view, 3> kLooks{"status codes", "retry counts", "service UUIDs"};

struct Columns {
  Separator separator{};
  std::size_t lines = 0;   // looked at, the header left out
  std::size_t fields = 0;  // of most lines
  std::array<std::optional<std::size_t>, 3> at;
  std::vector<std::string> header;  // the first line's, where it names columns

  bool has(Role role) const { return at[role].has_value(); }
  bool is_complete() const { return has(status) && has(retry) && has(user); }
};

// Which column looks like what in nine of ten lines.
Columns look(const std::vector<const SampleLine*>& lines, Separator separator) {
  Columns out;
  out.separator = separator;
  std::vector<std::array<std::size_t, 3>> hits;
  std::vector<std::size_t> widths(kMostColumns + 1);
  for (const SampleLine* line : lines) {
    auto fields = split(line->text, separator.character);
    if (line == lines.front() && fields.size() > 1 && looks_like_header(fields)) {
      out.header.assign(fields.begin(), fields.end());
      continue;
    }
    ++out.lines;
    ++widths[fields.size()];
    if (fields.size() > hits.size()) hits.resize(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
      hits[i][status] += looks_like_status(fields[i]);
      hits[i][retry] += looks_like_retry(fields[i]);
      hits[i][user] += looks_like_user(fields[i]);
    }
  }
  if (out.lines == 0) return out;
  out.fields = static_cast<std::size_t>(std::max_element(widths.begin(), widths.end()) - widths.begin());
  // A retry count may look like a status code, hardly ever the other way round.
  for (Role role : {user, status, retry}) {
    std::size_t best = 0;
    for (std::size_t i = 0; i < hits.size(); ++i) {
      bool is_taken = std::any_of(out.at.begin(), out.at.end(), [i](auto taken) { return taken == i; });
      if (is_taken || hits[i][role] <= best || hits[i][role] * 10 < out.lines * 9) continue;
      best = hits[i][role];
      out.at[role] = i;
    }
  }
  return out;
}

// "column 1 looks like service UUIDs, column 2 like status codes"
std::string in_words(const Columns& columns) {
  std::vector<std::pair<std::size_t, Role>> found;
  for (Role role : {status, retry, user})
    if (columns.at[role]) found.emplace_back(*columns.at[role], role);
  std::sort(found.begin(), found.end());
  std::string out;
  for (auto [column, role] : found)
    out += fmt::format("{}column {} {}like {}", out.empty() ? "" : ", ", column + 1, out.empty() ? "looks " : "",
                       kLooks[role]);
  return out;
}

// The header that names the columns as they stand.
std::string header_for(const Columns& columns) {
  std::string out;
  for (std::size_t i = 0; i < std::max<std::size_t>(columns.fields, 3); ++i) {
    std::string name = fmt::format("column_{}", i + 1);
    for (Role role : {status, retry, user})
      if (columns.at[role] == i) name = kNames[role];
    out += (i ? "," : "") + name;
  }
  return out;
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < 6; ++i) out += (i ? ", " : "") + in_quotes(names[i]);
  return names.size() > 6 ? out + ", ..." : out;
}

std::string missing_names(const std::vector<std::string>& header) {
  std::string out;
  for (std::string_view name : kNames) {
    bool is_there =
        std::any_of(header.begin(), header.end(), [&](const std::string& given) { return same_name(given, name); });
    if (!is_there) out += fmt::format("{}{}", out.empty() ? "" : ", ", name);
  }
  return out;
}

bool is_usual_order(const Columns& columns) {
  return columns.at[status] == 0u && columns.at[retry] == 1u && columns.at[user] == 2u;
}

std::optional<std::string> complete_columns(const Columns& columns, std::size_t separator_index) {
  if (separator_index >= kReadSeparators)
    return fmt::format("The fields are separated by {}: write ',', ';', a tab or '|' between them.",
                       columns.separator.name);
  if (!columns.header.empty()) {
    std::string missing = missing_names(columns.header);
    if (!missing.empty())
      return fmt::format("The header names {}, but not {}: rename its columns ({}).", listed(columns.header), missing,
                         in_words(columns));
    return fmt::format("The header names {}, but {}: let it name the columns as they stand.", listed(columns.header),
                       in_words(columns));
  }
  if (is_usual_order(columns)) return std::nullopt;
  return fmt::format(
      "There is no header, and the columns do not stand in the order status_code,retry_count,service_uuid: {}; put the "
      "line '{}' above them.",
      in_words(columns), header_for(columns));
}

std::optional<std::string> incomplete_columns(const Columns& columns) {
  if (!columns.header.empty())
    if (std::string missing = missing_names(columns.header); !missing.empty())
      return fmt::format(
          "The header names {}, but not {}: a batch file needs status_code, retry_count and "
          "service_uuid{}.",
          listed(columns.header), missing, in_words(columns).empty() ? "" : " (" + in_words(columns) + ")");
  if (columns.fields != 2 || in_words(columns).empty()) return std::nullopt;
  std::string missing;
  for (Role role : {status, retry, user})
    if (!columns.has(role)) missing += fmt::format("{}{}", missing.empty() ? "" : " and ", kNames[role]);
  return fmt::format("The lines have two fields ({}): {} is missing; write status_code,retry_count,service_uuid.",
                     in_words(columns), missing);
}

bool has_one_field(const std::vector<const SampleLine*>& lines) {
  std::size_t count = 0;
  for (const SampleLine* line : lines)
    count += std::none_of(kSeparators.begin(), kSeparators.begin() + kReadSeparators, [&](const Separator& separator) {
      return line->text.find(separator.character) != std::string::npos;
    });
  return count * 10 >= lines.size() * 9;
}

std::string one_field(const std::vector<const SampleLine*>& lines) {
  std::size_t users = 0, numbers = 0;
  for (const SampleLine* line : lines) {
    users += looks_like_user(stripped(line->text));
    numbers += number(stripped(line->text)).has_value();
  }
  std::string what = users * 10 >= lines.size() * 8     ? " that looks like a service UUID"
                     : numbers * 10 >= lines.size() * 8 ? " that is a number"
                                                        : "";
  return fmt::format("{} has one field{} ({}): a batch file has three, status_code,retry_count,service_uuid.",
                     lines.size() == 1 ? "The line" : "Every line", what, in_quotes(lines.back()->text));
}

}  // namespace

std::optional<std::string> misread_columns(const Beginning& beginning) {
  if (beginning.layout().format == Layout::Format::json_lines) return std::nullopt;
  std::vector<const SampleLine*> lines;
  for (const SampleLine& line : beginning.samples()) {
    bool is_note = line.kind == Line::Kind::header && (line.text.starts_with('#') || line.text.starts_with("sep="));
    bool is_too_long = line.kind == Line::Kind::bad && line.reason == Reason::line_too_long;
    if (!is_note && !is_too_long) lines.push_back(&line);
  }
  if (lines.empty()) return std::nullopt;
  std::array<Columns, kSeparators.size()> all;
  for (std::size_t i = 0; i < kSeparators.size(); ++i) {
    all[i] = look(lines, kSeparators[i]);
    if (all[i].is_complete())
      if (auto sentence = complete_columns(all[i], i)) return sentence;
    if (all[i].is_complete() && i < kReadSeparators) return std::nullopt;  // it is something in the lines
  }
  if (has_one_field(lines)) return one_field(lines);
  auto widest = std::max_element(all.begin(), all.begin() + kReadSeparators,
                                 [](const Columns& a, const Columns& b) { return a.fields < b.fields; });
  return incomplete_columns(*widest);
}

std::optional<std::string> misnamed_members(const Beginning& beginning) {
  if (beginning.layout().format != Layout::Format::json_lines) return std::nullopt;
  const Counters& c = beginning.counters();
  auto missing = c.quarantined_by_reason[static_cast<std::size_t>(Reason::field_count)];
  if (missing * 10 < c.records() * 9) return std::nullopt;
  for (const SampleLine& line : beginning.samples()) {
    if (line.kind != Line::Kind::bad || line.reason != Reason::field_count) continue;
    auto object = parse_json_object(line.text);
    if (!object) continue;
    std::vector<std::string> names;
    for (const auto& [name, value] : *object) names.emplace_back(name);
    return fmt::format("The JSON objects have the members {}: they need statusCode, retryCount and serviceUUID ({}).",
                       names.empty() ? "(none)" : listed(names), where_and_what(line));
  }
  return std::nullopt;
}

}  // namespace ads::batch
