#include "directory/csv_entries.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "batch/utf8.h"

namespace ads::directory {
namespace {

// A field with line breaks: more than this and the quote is an accident.
constexpr std::size_t kMostLinesOfARow = 50;
constexpr std::size_t kMostBytesOfARow = std::size_t{64} << 10;

constexpr std::string_view kKnownColumns[] = {
    "serviceUUID", "status", "firstName", "lastName", "detailedAddress", "lastPingedLocation", "DN"};

std::optional<char> separator_line(std::string_view line) {
  line = batch::trim(line);
  bool is_one = line.size() == 5 && batch::same_name(line.substr(0, 3), "sep") && line[3] == '=';
  return is_one ? std::optional(line[4]) : std::nullopt;
}

// csvde writes bytes and text that is not ASCII as X'c3a9'.
std::string csvde_value(std::string_view text) {
  if (text.size() >= 3 && (text[0] == 'X' || text[0] == 'x') && text[1] == '\'' && text.ends_with('\''))
    if (auto bytes = from_hex(text.substr(2, text.size() - 3))) return std::move(*bytes);
  return std::string(text);
}

// Values are separated by ';'; one that is part of a value is written "\;", a backslash "\\".
std::vector<std::string> csvde_values(std::string_view field) {
  std::vector<std::string> values;
  std::string value;
  for (std::size_t i = 0; i < field.size(); ++i) {
    bool is_escape = field[i] == '\\' && i + 1 < field.size() && (field[i + 1] == ';' || field[i + 1] == '\\');
    if (is_escape)
      value += field[++i];
    else if (field[i] == ';')
      values.push_back(csvde_value(std::exchange(value, {})));
    else
      value += field[i];
  }
  values.push_back(csvde_value(value));
  std::erase(values, "");
  return values;
}

}  // namespace

Result<std::unique_ptr<CsvEntries>> CsvEntries::open(Text& text) {
  std::unique_ptr<CsvEntries> entries(new CsvEntries(text));
  if (auto read = entries->read_header(); !read) return fail(read.error());
  return entries;
}

Result<std::optional<CsvEntries::NumberedLine>> CsvEntries::next_line() {
  if (!pending_.empty()) {
    NumberedLine line = std::move(pending_.front());
    pending_.pop_front();
    return std::optional(std::move(line));
  }
  auto line = text_.next_line();
  if (!line) return fail(line.error());
  if (!*line) return std::optional<NumberedLine>{};
  return std::optional(NumberedLine{std::string(**line), text_.line_number()});
}

// The separator that knows most columns, then the one that makes most of them.
void CsvEntries::choose_header(std::string_view line) {
  std::pair<std::size_t, std::size_t> best{0, 0};
  auto consider = [&](char separator) {
    if (!fields_.split(line, separator)) return;
    std::size_t known = 0;
    for (std::size_t i = 0; i < fields_.size(); ++i)
      known += std::ranges::any_of(kKnownColumns, [&](auto name) { return batch::same_name(fields_[i], name); });
    std::pair score{known, fields_.size()};
    if (!columns_.empty() && score <= best) return;
    best = score;
    separator_ = separator;
    columns_.clear();
    for (std::size_t i = 0; i < fields_.size(); ++i) columns_.emplace_back(fields_[i]);
  };
  for (char separator : {separator_, ',', ';', '\t', '|'}) consider(separator);
}

Result<void> CsvEntries::read_header() {
  for (;;) {
    auto line = next_line();
    if (!line) return fail(line.error());
    if (!*line) return {};  // an empty file has no users
    std::string_view text = (**line).text;
    std::uint64_t number = (**line).number;
    if (auto separator = separator_line(text)) {
      separator_ = *separator;
      continue;
    }
    bool is_blank = batch::trim(text).find_first_not_of(",;\t|") == text.npos;
    if (is_blank) continue;
    bool is_comment = batch::trim(text).starts_with('#');
    if (is_comment) text = batch::trim(text).substr(1);
    choose_header(text);
    auto is_key = [](const std::string& name) { return batch::same_name(name, "serviceUUID"); };
    if (is_comment && std::ranges::none_of(columns_, is_key)) {
      columns_.clear();
      continue;
    }
    if (columns_.empty())
      return fail(ErrorKind::invalid, "BadHeader", fmt::format("line {}: a quote of the header is not closed", number));
    for (const std::string& column : columns_)
      if (!batch::is_utf8(column))
        return fail(
            ErrorKind::invalid, "BadHeader",
            fmt::format("line {}: the column name '{}' is not UTF-8: save the file as UTF-8, or say what it is: "
                        "--encoding windows-1252",
                        number, batch::shorten(batch::repair_utf8(column), 40)));
    if (auto twice = std::ranges::count_if(columns_, is_key); twice > 1)
      return fail(ErrorKind::invalid, "BadHeader", fmt::format("line {}: {} columns are serviceUUID", number, twice));
    is_csvde_ = batch::same_name(columns_[0], "DN");
    return {};
  }
}

// Into fields_; `row` then has all lines of it. False: its quotes are broken.
Result<bool> CsvEntries::split_row(NumberedLine& row) {
  std::deque<NumberedLine> taken;
  std::string first = row.text;
  while (!fields_.split(row.text, separator_)) {
    bool is_open = std::ranges::count(row.text, '"') % 2 == 1;
    bool may_continue = is_open && taken.size() < kMostLinesOfARow && row.text.size() < kMostBytesOfARow;
    std::optional<NumberedLine> line;
    if (may_continue) {
      auto next = next_line();
      if (!next) return fail(next.error());
      line = std::move(*next);
    }
    if (!line) {
      // What was taken for the inside of a field are rows of their own.
      row.text = std::move(first);
      pending_.insert(pending_.begin(), std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end()));
      fields_.split(row.text, separator_);
      return false;
    }
    (row.text += '\n') += line->text;
    taken.push_back(std::move(*line));
  }
  return true;
}

Attribute CsvEntries::attribute(std::size_t column, std::uint64_t line) const {
  Attribute out;
  out.name = columns_[column];
  out.line = line;
  if (column >= fields_.size() || fields_[column].empty()) return out;
  out.is_one_field = true;
  if (is_csvde_)
    out.values = csvde_values(fields_[column]);
  else
    out.values.emplace_back(fields_[column]);
  return out;
}

Result<EntryStep> CsvEntries::next() {
  for (;;) {
    auto line = next_line();
    if (!line) return fail(line.error());
    if (!*line) return EntryStep(EndOfEntries{});
    NumberedLine row = std::move(**line);
    auto is_split = split_row(row);
    if (!is_split) return fail(is_split.error());
    if (!*is_split) {
      std::string name = fields_.size() > 0 ? batch::repair_utf8(fields_[0]) : "";
      return EntryStep(
          BadEntry{row.number, std::move(name), "a quoted field is not closed, or continues after its quote"});
    }
    bool is_blank = true;
    for (std::size_t i = 0; i < fields_.size(); ++i) is_blank &= fields_[i].empty();
    if (is_blank) continue;
    std::size_t used = fields_.size();
    while (used > columns_.size() && fields_[used - 1].empty()) --used;
    if (used > columns_.size())
      return EntryStep(BadEntry{row.number, batch::repair_utf8(fields_[0]),
                                fmt::format("{} fields, but the header names {}", fields_.size(), columns_.size())});
    Entry entry;
    entry.line = row.number;
    if (is_csvde_) entry.name = fields_[0];
    for (std::size_t i = is_csvde_ ? 1 : 0; i < columns_.size(); ++i)
      if (!columns_[i].empty()) entry.attributes.push_back(attribute(i, row.number));
    return EntryStep(std::move(entry));
  }
}

}  // namespace ads::directory
