// Reads a whole text with a BatchReader, cut in pieces as told, into values that can be compared and printed.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "batch/reader.h"

namespace ads::batch {

// "503,1,a" in one word: "record 503 1 a", "blank", "header", "bad NUL".
struct ReadLine {
  std::string what;
  std::uint64_t offset, length;
  std::string text;
  bool operator==(const ReadLine&) const = default;
};

inline std::string describe(const Line& line) {
  switch (line.kind) {
    case Line::Kind::record:
      return fmt::format("record {} {} {}", line.status_code, line.retry_count, line.service_uuid);
    case Line::Kind::blank:
      return "blank";
    case Line::Kind::header:
      return "header";
    case Line::Kind::bad:
      break;
  }
  return fmt::format("bad {}", to_string(line.reason));
}

// Feeds `pieces` one after the other. Each piece is copied to memory of its exact size, so that a sanitizer sees every
// step beyond it, and is overwritten when the reader says it is used up.
inline std::vector<ReadLine> read_pieces(const std::vector<std::string_view>& pieces, ReadRange range = {}) {
  BatchReader reader(range);
  std::vector<ReadLine> lines;
  Line line;
  auto drain = [&] {
    for (;;) {
      auto step = reader.next(line);
      if (step != BatchReader::Step::line) return step;
      lines.push_back({describe(line), line.offset, line.length, std::string(line.text)});
    }
  };
  for (std::string_view piece : pieces) {
    std::vector<char> copy(piece.begin(), piece.end());
    reader.feed({copy.data(), copy.size()});
    if (drain() == BatchReader::Step::done) return lines;
    std::fill(copy.begin(), copy.end(), '#');
  }
  reader.finish();
  drain();
  return lines;
}

inline std::vector<ReadLine> read_all(std::string_view text, ReadRange range = {}) {
  return read_pieces({text}, range);
}

// What the lines are, joined by " | ".
inline std::string summary(const std::vector<ReadLine>& lines) {
  std::string out;
  for (const ReadLine& line : lines) out += (out.empty() ? "" : " | ") + line.what;
  return out;
}

// The bytes that the lines cover, in order; a gap or an overlap gives something else than the input.
inline std::string covered(std::string_view text, const std::vector<ReadLine>& lines) {
  std::string out;
  for (const ReadLine& line : lines) {
    if (line.offset != out.size() || line.offset + line.length > text.size()) return "a gap or an overlap";
    out += text.substr(line.offset, line.length);
  }
  return out;
}

}  // namespace ads::batch
