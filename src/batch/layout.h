// How a batch file's lines are laid out: JSON Lines, or CSV with its separator and columns, and what stands above the
// records. Decided by the file's beginning alone.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ads::batch {

inline constexpr std::size_t kMaxLine = 4096;         // bytes of a line that are looked at, without its ending
inline constexpr std::size_t kBeginning = 64 * 1024;  // bytes of the content that decide

struct Layout {
  enum class Format { csv, json_lines };
  enum class LineEnd : char { lf = '\n', cr = '\r' };  // lf: or CRLF
  Format format = Format::csv;
  LineEnd line_end = LineEnd::lf;
  // CSV: what is between fields, positions of the three fields that count, and how many the header has (3 without one).
  char separator = ',';
  std::uint32_t status_column = 0, retry_column = 1, uuid_column = 2, column_count = 3;
  // Lines that begin before this offset are the preamble: blank lines, a "sep=" line, comments, the header.
  std::uint64_t body = 0;

  bool operator==(const Layout&) const = default;
  char line_end_byte() const { return static_cast<char>(line_end); }
  // True when a line may have any number of fields: the three that count are the first ones, and the header has more.
  bool allows_more_fields() const {
    return column_count > 3 && status_column < 3 && retry_column < 3 && uuid_column < 3;
  }
};

// Decides by the beginning of the content. Its lines end with CR when it has no LF, or two lone CRs before the first
// LF. Blank lines, rows of separators, `sep=X` and `#` comments are skipped; then comes the header or the first record.
// A header has the names status_code, retry_count and service_uuid as same_name() compares them, each once, in any
// order, further names ignored; a comment may be it. Any other line means three columns. The separator is the one that
// makes a header; else that of `sep=`; else the one that makes the first line a record, or three fields; else the
// comma.
enum class Rest {
  may_follow,  // `beginning` may be less than the content
  none,
};
// Nothing: more is needed. kBeginning bytes always suffice, and any that suffice decide the same as more would.
std::optional<Layout> find_layout(std::string_view beginning, Rest rest);
// The same for the whole content, or at least kBeginning bytes of it.
Layout read_layout(std::string_view beginning);

// For what is stored: "csv:0,1,2/3" and "jsonl", followed by what is not usual: ";separator=59" (the byte), ";end=cr",
// ";body=120". parse errors: corrupt.
std::string to_string(const Layout& layout);
Result<Layout> parse_layout(std::string_view text);

inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// A line above the records that has no content: blanks, separators and quotes.
bool is_empty_row(std::string_view line);

}  // namespace ads::batch
