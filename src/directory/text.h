// The text of an import as lines, whatever its encoding and line ends; memory does not depend on its length.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "directory/encoding.h"

namespace ads::directory {

// The next bytes; empty at the end.
using ReadPiece = std::function<Result<std::string>()>;

inline constexpr std::size_t kLongestLine = std::size_t{16} << 20;  // a photograph in base64, not folded

class Text {
 public:
  Text(ReadPiece read, Encoding encoding) : read_(std::move(read)), decoder_(encoding) {}

  // The beginning, without taking it: 64 KiB, or all there is. Errors: those of `read`.
  Result<std::string_view> beginning();

  // The next line without its end, which is LF, CRLF, CR CR LF, or CR where the beginning has no LF; nothing at the
  // end of the text. A final 0x1A (DOS) is not part of it. The view lives until the next call. Errors: those of
  // `read`; invalid / "LineTooLong".
  Result<std::optional<std::string_view>> next_line();
  // Of the line last given, from 1.
  std::uint64_t line_number() const { return line_number_; }

  // What has been read and not yet taken, instead of lines; empty at the end.
  Result<std::string_view> next_piece();

 private:
  Result<void> read_more();

  ReadPiece read_;
  TextDecoder decoder_;
  std::string buffer_;
  std::size_t taken_ = 0, searched_ = 0;
  bool is_complete_ = false;
  char line_end_ = 0;  // not decided yet
  std::uint64_t line_number_ = 0;
};

}  // namespace ads::directory
