// Files that are not text and cannot be unpacked to it: recognized by their first bytes, and called by their names.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ads::batch {

// "an Excel workbook (.xlsx)", "open it and save it as CSV (\"CSV UTF-8\")".
struct FileKind {
  std::string_view name, cure;
  bool operator==(const FileKind&) const = default;
};

// Bytes of the beginning that are looked at. Fewer are taken as the whole file.
inline constexpr std::size_t kKindBytes = 4096;

// Nothing for what may be text, and for what Decompressor unpacks.
std::optional<FileKind> unreadable_kind(std::string_view beginning);

// "This is an Excel workbook (.xlsx): open it and save it as CSV (\"CSV UTF-8\")."; found inside of what `container`
// names, "The gzip file contains an Excel workbook (.xlsx): ...".
std::string sentence(const FileKind& kind, std::string_view container = {});

// The code of errors (invalid) about files that are whole, but cannot be read: their message is such a sentence.
inline constexpr const char* kUnreadableFile = "UnreadableFile";
inline std::unexpected<Error> unreadable(std::string message) {
  return fail(ErrorKind::invalid, kUnreadableFile, std::move(message));
}

}  // namespace ads::batch
