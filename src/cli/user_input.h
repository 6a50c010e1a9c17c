// The bytes of a file of users: a path or standard input, decompressed, once or as often as they are needed.
#pragma once
#include <memory>
#include <string>

#include "base/result.h"
#include "directory/text.h"

namespace ads::cli {

class UserInput {
 public:
  // "-" is standard input. Errors: not_found / "NoFile" with the system's reason.
  static Result<std::unique_ptr<UserInput>> open(const std::string& path);
  ~UserInput();
  UserInput(const UserInput&) = delete;
  UserInput& operator=(const UserInput&) = delete;

  // What comes from a pipe is copied to a temporary file that has no name, so that it can be read again. Before the
  // first read() only. Errors: unavailable / "ReadFailed", "WriteFailed".
  Result<void> make_repeatable();
  // From the beginning, decompressed (batch/decompress.h); again only where it is repeatable. Must not outlive this.
  // Errors of what it gives: unavailable / "ReadFailed", those of batch::Decompressor, and invalid / "NotUsers" for
  // markup.
  Result<directory::ReadPiece> read();

  const std::string& name() const { return name_; }  // the path, or "standard input"

 private:
  UserInput(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}
  Result<std::string> read_bytes();

  int descriptor_;
  std::string name_;
  bool has_begun_ = false;
};

}  // namespace ads::cli
