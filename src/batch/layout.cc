#include "batch/layout.h"

#include <algorithm>
#include <array>

#include "batch/csv.h"
#include "batch/whole_number.h"

namespace ads::batch {
namespace {

constexpr std::string_view kSeparators = ",;\t|";

// The first line end that is decided, or nothing.
std::optional<Layout::LineEnd> find_line_end(std::string_view beginning, bool is_all) {
  std::size_t lf = beginning.find('\n');
  if (lf == beginning.npos && !is_all) return std::nullopt;
  std::string_view before = beginning.substr(0, lf);
  if (lf == beginning.npos) return before.find('\r') == before.npos ? Layout::LineEnd::lf : Layout::LineEnd::cr;
  while (before.ends_with('\r')) before.remove_suffix(1);
  return std::ranges::count(before, '\r') > 1 ? Layout::LineEnd::cr : Layout::LineEnd::lf;
}

// The X of "sep=X", which may be quoted. Not a letter, digit or what else an id may contain.
std::optional<char> separator_line(std::string_view line) {
  if (line.starts_with('"') && line.ends_with('"') && line.size() > 2) line = line.substr(1, line.size() - 2);
  if (line.size() != 5 || !same_name(line.substr(0, 4), "sep=")) return std::nullopt;
  char c = line[4];
  bool is_possible =
      c == '\t' || (c > ' ' && c < '\x7f' && c != '"' && std::string_view("-_.:+").find(c) == std::string_view::npos &&
                    !(c >= '0' && c <= '9') && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'));
  return is_possible ? std::optional(c) : std::nullopt;
}

// "{6f9619ff-...}": JSON never has hex digits behind its first brace.
bool is_uuid_in_braces(std::string_view text) {
  if (!text.starts_with('{')) return false;
  std::size_t end = text.find_first_not_of("0123456789abcdefABCDEF-", 1);
  return end != text.npos && end > 1 && text[end] == '}';
}

class BeginningReader {
 public:
  explicit BeginningReader(std::string_view text, Rest rest)
      : text_(text.substr(0, kBeginning)),
        is_all_(rest == Rest::none || text.size() >= kBeginning),
        is_whole_(rest == Rest::none && text.size() < kBeginning) {}

  std::optional<Layout> decide() {
    auto line_end = find_line_end(text_, is_all_);
    if (!line_end) return std::nullopt;
    layout_.line_end = *line_end;
    for (std::size_t at = 0; at < text_.size();) {
      std::size_t end = text_.find(layout_.line_end_byte(), at);
      bool is_line = end != text_.npos || is_whole_;
      if (!is_line && !is_all_) return std::nullopt;
      std::size_t next = end == text_.npos ? text_.size() : end + 1;
      std::string_view line = text_.substr(at, end == text_.npos ? end : end - at);
      if (at == 0 && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
      while (line.ends_with('\r')) line.remove_suffix(1);
      while (line.starts_with('\n')) line.remove_prefix(1);
      layout_.body = at;
      if (is_line && is_preamble(line)) {
        at = next;
        layout_.body = next;
        continue;
      }
      if (is_line && read_header_line(line))
        layout_.body = next;
      else
        read_first_row(line);
      return layout_;
    }
    return is_all_ ? std::optional(layout_) : std::nullopt;
  }

 private:
  bool is_preamble(std::string_view line) {
    if (is_empty_row(line)) return true;
    if (auto separator = separator_line(line)) {
      given_ = separator;
      return true;
    }
    std::string_view text = trim(line);
    if (text.starts_with('"')) text.remove_prefix(1);
    if (!text.starts_with('#')) return false;
    text.remove_prefix(1);
    if (text.ends_with('"')) text.remove_suffix(1);
    if (auto header = read_header(text)) comment_ = header;
    return true;
  }

  bool read_header_line(std::string_view line) {
    auto header = read_header(line);
    if (header) take_columns(*header);
    return header.has_value();
  }

  void read_first_row(std::string_view line) {
    std::string_view text = trim(line);
    if ((text.starts_with('{') && !is_uuid_in_braces(text)) || text.starts_with('['))
      layout_.format = Layout::Format::json_lines;
    else if (comment_)
      take_columns(*comment_);
    else
      layout_.separator = given_ ? *given_ : separator_of(line);
  }

  void take_columns(const Layout& header) {
    layout_.separator = header.separator;
    layout_.status_column = header.status_column;
    layout_.retry_column = header.retry_column;
    layout_.uuid_column = header.uuid_column;
    layout_.column_count = header.column_count;
  }

  std::optional<Layout> read_header(std::string_view line) {
    if (given_)
      if (auto header = read_header(line, *given_)) return header;
    for (char separator : kSeparators)
      if (auto header = read_header(line, separator)) return header;
    return std::nullopt;
  }

  std::optional<Layout> read_header(std::string_view line, char separator) {
    if (!fields_.split(line, separator)) return std::nullopt;
    constexpr std::array<std::string_view, 3> names{"statuscode", "retrycount", "serviceuuid"};
    std::array<std::uint32_t, 3> columns{}, seen{};
    for (std::uint32_t i = 0; i < fields_.size(); ++i) {
      for (std::size_t n = 0; n < names.size(); ++n) {
        if (!same_name(fields_[i], names[n])) continue;
        columns[n] = i;
        ++seen[n];
      }
    }
    if (seen != std::array<std::uint32_t, 3>{1, 1, 1}) return std::nullopt;
    Layout header;
    header.separator = separator;
    header.status_column = columns[0];
    header.retry_column = columns[1];
    header.uuid_column = columns[2];
    header.column_count = static_cast<std::uint32_t>(fields_.size());
    return header;
  }

  // Of a first line that is not a header.
  char separator_of(std::string_view line) {
    for (char separator : kSeparators) {
      fields_.split(line, separator);
      if (fields_.size() >= 3 && parse_whole_number(fields_[0]) && parse_whole_number(fields_[1])) return separator;
    }
    for (char separator : kSeparators) {
      fields_.split(line, separator);
      if (fields_.size() >= 3) return separator;
    }
    return ',';
  }

  std::string_view text_;
  bool is_all_;    // no more will be seen
  bool is_whole_;  // no more follows
  Layout layout_;
  std::optional<char> given_;      // by a "sep=" line
  std::optional<Layout> comment_;  // a comment that reads like a header
  CsvFields fields_;
};

}  // namespace

std::optional<Layout> find_layout(std::string_view beginning, Rest rest) {
  return BeginningReader(beginning, rest).decide();
}

Layout read_layout(std::string_view beginning) {
  return *find_layout(beginning, Rest::none);
}

bool is_empty_row(std::string_view line) {
  while (!line.empty()) {
    line = trim(line);
    std::size_t content = line.find_first_not_of(",;\t|\"");
    if (content == 0) return false;
    line = content == line.npos ? std::string_view{} : line.substr(content);
  }
  return true;
}

}  // namespace ads::batch
