// The bytes of a file of users: a path or standard input, decompressed, once or as often as they are needed.
#pragma once
#include <string>

#include "cli/input_file.h"
#include "directory/text.h"

namespace ads::cli {

class UserInput {
 public:
  // Errors: as InputFile's.
  Result<void> open(const std::string& path) { return file_.open(path); }
  // So that read() may be called again. Errors: as InputFile's.
  Result<void> make_repeatable() { return file_.make_repeatable(); }
  // From the beginning, decompressed (batch/decompress.h); again only where it is repeatable. Must not outlive this.
  // Errors of what it gives: unavailable / "ReadFailed", those of batch::Decompressor, and invalid / "NotUsers" for
  // markup.
  Result<directory::ReadPiece> read();

  const std::string& name() const { return file_.name(); }  // the path, or "standard input"

 private:
  InputFile file_;
};

}  // namespace ads::cli
