// How a batch file's lines are laid out: JSON Lines, or CSV with its columns. Decided by the first line alone.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ads::batch {

inline constexpr std::size_t kMaxLine = 4096;  // bytes without the line ending

struct Layout {
  enum class Format { csv, json_lines };
  Format format = Format::csv;
  // CSV: positions of the three fields, and how many fields a line has.
  std::uint32_t status_column = 0, retry_column = 1, uuid_column = 2, column_count = 3;

  bool operator==(const Layout&) const = default;
};

// What the first line of a file says. `has_header`: that line is itself the header.
struct FirstLine {
  Layout layout;
  bool has_header = false;
};

// `beginning` is the first line, or as much of the file as contains it: what follows a newline does not count, and a
// byte-order mark in front is skipped. A header has the names status_code, retry_count and service_uuid (any case, any
// order, each once, further names ignored); any other line means three columns. A line above kMaxLine is never a
// header.
FirstLine read_first_line(std::string_view beginning);

// For state and messages between shards: "csv:0,1,2/3" and "jsonl". parse errors: corrupt.
std::string to_string(const Layout& layout);
Result<Layout> parse_layout(std::string_view text);

inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace ads::batch
