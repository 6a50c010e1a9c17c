// What an import of users came to, and how it is said.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "batch/active_status.h"
#include "directory/entry.h"

namespace ads::cli {

inline constexpr std::size_t kListedBad = 1000;     // kept; the text shows fewer
inline constexpr std::size_t kListedChanges = 100;  // of each kind
inline constexpr std::size_t kListedStatuses = 1000;

struct ImportResult {
  std::string table, file, format, mapping;
  enum class Mode { write, only_changes, dry_run } mode = Mode::write;

  std::uint64_t written = 0;                       // users, where nothing is compared
  std::uint64_t added = 0, changed = 0, same = 0;  // where it is
  std::uint64_t repeated = 0;                      // rows that name a user again
  std::uint64_t removed = 0, missing = 0;          // in the table and not in the file
  std::uint64_t in_table = 0;                      // before the import; known where users are missing or may be
  std::uint64_t bad = 0;
  std::vector<directory::BadEntry> bad_entries;
  std::vector<std::string> added_users, changed_users, missing_users;  // "u-1", "u-1: status, firstName", "u-1"
  std::map<std::string, std::uint64_t> statuses;
  batch::ActiveStatuses active;
  std::vector<std::string> remarks;

  // Users that are in the table as the file has them.
  std::uint64_t imported() const { return written + added + changed + same; }
  void count_status(const std::string& status);
};

// About statuses: which do not count as active, and which do though they are spelled in another way.
std::vector<std::string> status_remarks(const ImportResult& result);
// For people: lines.
std::string text_of(const ImportResult& result);
json::object json_of(const ImportResult& result);

}  // namespace ads::cli
