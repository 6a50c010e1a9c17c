// A layout as text, where it is stored between chunks and shards.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <iterator>

#include "batch/layout.h"

namespace ads::batch {
namespace {

constexpr std::string_view kSeparator = ";separator=", kEnd = ";end=cr", kBody = ";body=";

// Takes the number at the front; false when there is none or it does not fit.
template <class Number>
bool take_number(std::string_view& text, Number& number) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

bool take_columns(std::string_view& text, Layout& layout) {
  if (!take_number(text, layout.status_column) || !take(text, ",")) return false;
  if (!take_number(text, layout.retry_column) || !take(text, ",")) return false;
  if (!take_number(text, layout.uuid_column) || !take(text, "/") || !take_number(text, layout.column_count))
    return false;
  auto [a, b, c, count] =
      std::array{layout.status_column, layout.retry_column, layout.uuid_column, layout.column_count};
  return a < count && b < count && c < count && a != b && b != c && a != c;
}

}  // namespace

std::string to_string(const Layout& layout) {
  constexpr Layout usual;
  std::string text = "jsonl";
  auto out = std::back_inserter(text);
  if (layout.format == Layout::Format::csv) {
    text.clear();
    fmt::format_to(out, "csv:{},{},{}/{}", layout.status_column, layout.retry_column, layout.uuid_column,
                   layout.column_count);
    if (layout.separator != usual.separator)
      fmt::format_to(out, "{}{}", kSeparator, static_cast<unsigned>(layout.separator));
  }
  if (layout.line_end == Layout::LineEnd::cr) text += kEnd;
  if (layout.body != 0) fmt::format_to(out, "{}{}", kBody, layout.body);
  return text;
}

Result<Layout> parse_layout(std::string_view text) {
  auto corrupt = [&] {
    return fail(ErrorKind::corrupt, "NotALayout",
                fmt::format("'{}' is not a layout such as 'csv:0,1,2/3' or 'jsonl'", text));
  };
  Layout layout;
  std::string_view rest = text;
  if (take(rest, "jsonl")) {
    layout.format = Layout::Format::json_lines;
  } else if (!take(rest, "csv:") || !take_columns(rest, layout)) {
    return corrupt();
  }
  if (unsigned separator = 0; layout.format == Layout::Format::csv && take(rest, kSeparator)) {
    if (!take_number(rest, separator) || separator == 0 || separator > 127) return corrupt();
    layout.separator = static_cast<char>(separator);
  }
  if (take(rest, kEnd)) layout.line_end = Layout::LineEnd::cr;
  if (take(rest, kBody) && !take_number(rest, layout.body)) return corrupt();
  if (!rest.empty()) return corrupt();
  return layout;
}

}  // namespace ads::batch
