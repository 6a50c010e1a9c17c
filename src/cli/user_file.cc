#include "cli/user_file.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/json.h"

namespace ads::cli {
namespace {

constexpr std::string_view kKey = "serviceUUID";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

std::unexpected<Error> UserFile::bad(const std::string& why) const {
  return fail(ErrorKind::invalid, "BadUser", fmt::format("{}, line {}: {}", path_, line_number_, why));
}

Result<UserFile> UserFile::open(const std::string& path) {
  UserFile file;
  file.path_ = path;
  file.file_.open(path, std::ios::binary);
  if (!file.file_) return fail(ErrorKind::not_found, "NoFile", fmt::format("cannot open '{}'", path));
  char first = 0;
  if (file.file_.peek() == kByteOrderMark[0] + 256) file.file_.ignore(3);
  if (int c = file.file_.peek(); c != EOF) first = static_cast<char>(c);
  if (first == '{') {
    file.format_ = Format::json_lines;
    return file;
  }
  std::string header;
  if (!std::getline(file.file_, header)) return file;  // an empty file has no users
  file.line_number_ = 1;
  if (header.ends_with('\r')) header.pop_back();
  if (!file.fields_.split(header)) return file.bad("the header is not CSV");
  for (std::size_t i = 0; i < file.fields_.size(); ++i) file.columns_.emplace_back(file.fields_[i]);
  if (std::find(file.columns_.begin(), file.columns_.end(), kKey) == file.columns_.end())
    return fail(ErrorKind::invalid, "BadHeader",
                fmt::format("the first line of '{}' has no column serviceUUID: a CSV of users needs a header with "
                            "serviceUUID, status, firstName, lastName, detailedAddress, lastPingedLocation",
                            path));
  return file;
}

Result<std::optional<UserRow>> UserFile::next() {
  std::string line;
  while (std::getline(file_, line)) {
    ++line_number_;
    if (line.ends_with('\r')) line.pop_back();
    if (line.find_first_not_of(" \t") == line.npos) continue;
    auto row = parse(line);
    if (!row) return fail(row.error());
    auto key = row->find(std::string(kKey));
    if (key == row->end() || key->second.empty()) return bad("no serviceUUID");
    return std::optional(std::move(*row));
  }
  return std::optional<UserRow>{};
}

Result<UserRow> UserFile::parse(const std::string& line) {
  UserRow row;
  if (format_ == Format::csv) {
    if (!fields_.split(line)) return bad("a quoted field is not closed");
    if (fields_.size() != columns_.size())
      return bad(fmt::format("{} fields, but the header names {}", fields_.size(), columns_.size()));
    for (std::size_t i = 0; i < columns_.size(); ++i) row[columns_[i]] = fields_[i];
    return row;
  }
  auto object = parse_json_object(line);
  if (!object) return bad(object.error().message);
  for (const auto& [name, value] : *object) {
    if (value.is_null()) continue;
    row[std::string(name)] = value.is_string() ? std::string(value.as_string()) : json::serialize(value);
  }
  return row;
}

}  // namespace ads::cli
