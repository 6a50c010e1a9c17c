// The quarantine file: one JSON line per bad line, from which the line can be found and read again.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "batch/reader.h"
#include "batch/reason.h"

namespace ads::batch {

struct BadLine {
  std::uint64_t offset = 0;  // in the decompressed content
  std::uint64_t length = 0;  // with the line ending
  Reason reason = Reason::field_count;
  std::string detail;
  std::string text;        // the line's bytes without line ending, as far as kept
  bool truncated = false;  // the line is longer than `text`
  // The line's number, from 1; 0: not known. In a shard's pieces it counts from the shard's first line.
  std::uint64_t number = 0;

  bool operator==(const BadLine&) const = default;
};

BadLine bad_line(const Line& line);
// A record that could be read but not delivered.
BadLine bad_record(const Record& record, std::string_view text, Reason reason, std::string_view detail);

// {"lineNumber","offset","length","reason","detail","line"|"lineBase64","truncated"} and a newline. Text that is not
// UTF-8 is base64; a number that is not known is left out.
std::string quarantine_line(const BadLine& bad);
json::object to_json(const BadLine& bad);
// A line that quarantine_line wrote, its number counted from the file's first line: `lines_before` are in the shards
// before its own. Without them the number is not known. The rest of the line is not read.
std::string renumbered(std::string_view line, std::optional<std::uint64_t> lines_before);

// The inverses; `line` without its newline. Errors: corrupt / "NotAQuarantineLine", naming the member.
Result<BadLine> parse_quarantine_line(std::string_view line);
Result<BadLine> bad_line_from_json(const json::object& object);

}  // namespace ads::batch
