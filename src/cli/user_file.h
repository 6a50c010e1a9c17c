// A file of users, CSV with a header or JSON Lines, read row by row.
#pragma once
#include <cstdint>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "batch/csv.h"

namespace ads::cli {

// Attribute name -> value; always has a non-empty "serviceUUID".
using UserRow = std::map<std::string, std::string>;

class UserFile {
 public:
  // Errors: not_found / "NoFile"; invalid / "BadHeader" where a CSV has no serviceUUID column.
  static Result<UserFile> open(const std::string& path);

  // The next user; nothing at the end. Errors: invalid / "BadUser" naming file, line and what is wrong.
  Result<std::optional<UserRow>> next();

 private:
  enum class Format { csv, json_lines };
  Result<UserRow> parse(const std::string& line);
  std::unexpected<Error> bad(const std::string& why) const;

  std::string path_;
  std::ifstream file_;
  Format format_ = Format::csv;
  std::vector<std::string> columns_;
  batch::CsvFields fields_;
  std::uint64_t line_number_ = 0;
};

}  // namespace ads::cli
