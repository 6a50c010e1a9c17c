// A file that a command reads from its beginning to its end: one by its path, or "-" for standard input.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace ads::cli {

class InputFile {
 public:
  InputFile() = default;
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  // Errors: not_found / "NoFile" and denied / "NoFile": "cannot open X: No such file or directory"; invalid / "NoFile"
  // for a directory, and for a terminal as standard input.
  Result<void> open(const std::string& path);
  // What comes from a pipe is copied to a temporary file that has no name, so that rewind() works. Before the first
  // read() only. Errors: unavailable / "ReadFailed", "WriteFailed".
  Result<void> make_repeatable();
  // Back to where it began. Errors: unavailable / "ReadFailed" where it has been read and cannot be read twice.
  Result<void> rewind();
  // Up to `most` bytes, fewer only at the end; empty: the end. Errors: unavailable / "ReadFailed".
  Result<std::string> read(std::size_t most);

  // Bytes, where that is known: a regular file. A pipe has none.
  std::optional<std::uint64_t> size() const { return size_; }
  // For messages: the path, or "standard input".
  const std::string& name() const { return name_; }

 private:
  int descriptor_ = -1;
  std::int64_t start_ = 0;  // of a regular file: where reading began
  bool is_regular_ = false, has_begun_ = false;
  std::string name_;
  std::optional<std::uint64_t> size_;
};

inline bool is_standard_input(const std::string& path) {
  return path == "-";
}

}  // namespace ads::cli
