#include "batch/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "batch/csv.h"

namespace ads::batch {
namespace {

bool same_name(std::string_view field, std::string_view name) {
  return std::ranges::equal(field, name, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

}  // namespace

FirstLine read_first_line(std::string_view beginning) {
  std::string_view line = beginning.substr(0, beginning.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  bool is_too_long = line.size() > kMaxLine;
  if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  FirstLine first;
  if (line.starts_with('{')) {
    first.layout.format = Layout::Format::json_lines;
    return first;
  }
  CsvFields fields;
  if (is_too_long || !fields.split(line)) return first;
  constexpr std::array<std::string_view, 3> names{"status_code", "retry_count", "service_uuid"};
  std::array<std::uint32_t, 3> columns{}, seen{};
  for (std::uint32_t i = 0; i < fields.size(); ++i) {
    for (std::size_t n = 0; n < names.size(); ++n) {
      if (!same_name(fields[i], names[n])) continue;
      columns[n] = i;
      ++seen[n];
    }
  }
  if (seen != std::array<std::uint32_t, 3>{1, 1, 1}) return first;
  first.has_header = true;
  first.layout = {Layout::Format::csv, columns[0], columns[1], columns[2], static_cast<std::uint32_t>(fields.size())};
  return first;
}

std::string to_string(const Layout& layout) {
  if (layout.format == Layout::Format::json_lines) return "jsonl";
  return fmt::format("csv:{},{},{}/{}", layout.status_column, layout.retry_column, layout.uuid_column,
                     layout.column_count);
}

Result<Layout> parse_layout(std::string_view text) {
  auto corrupt = [&] {
    return fail(ErrorKind::corrupt, "NotALayout",
                fmt::format("'{}' is not a layout such as 'csv:0,1,2/3' or 'jsonl'", text));
  };
  Layout layout;
  if (text == "jsonl") {
    layout.format = Layout::Format::json_lines;
    return layout;
  }
  if (!text.starts_with("csv:")) return corrupt();
  std::string_view rest = text.substr(4);
  struct Part {
    std::uint32_t* value;
    std::string_view after;
  };
  for (auto [value, after] : {Part{&layout.status_column, ","}, Part{&layout.retry_column, ","},
                              Part{&layout.uuid_column, "/"}, Part{&layout.column_count, ""}}) {
    auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), *value);
    if (error != std::errc{}) return corrupt();
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (!rest.starts_with(after)) return corrupt();
    rest.remove_prefix(after.size());
  }
  auto [a, b, c, count] =
      std::array{layout.status_column, layout.retry_column, layout.uuid_column, layout.column_count};
  if (!rest.empty() || a >= count || b >= count || c >= count || a == b || b == c || a == c) return corrupt();
  return layout;
}

}  // namespace ads::batch
