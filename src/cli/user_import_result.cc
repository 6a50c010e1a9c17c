#include "cli/user_import_result.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/printable.h"

namespace ads::cli {
namespace {

constexpr std::size_t kShownBad = 20;
constexpr std::size_t kShownChanges = 10;
constexpr std::size_t kShownStatuses = 8;

std::string number(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string counted(std::uint64_t value, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number(value), value == 1 ? one : many);
}

std::string in_a_list(const std::vector<std::pair<std::uint64_t, std::string>>& counts) {
  std::string text;
  for (std::size_t i = 0; i < counts.size() && i < kShownStatuses; ++i)
    text += fmt::format("{}{} {}", i > 0 ? ", " : "", number(counts[i].first), counts[i].second);
  if (counts.size() > kShownStatuses) text += fmt::format(" and {} other statuses", counts.size() - kShownStatuses);
  return text;
}

void append_changes(std::string& text, std::string_view sign, const std::vector<std::string>& users,
                    std::uint64_t count) {
  for (std::size_t i = 0; i < users.size() && i < kShownChanges; ++i)
    text += fmt::format("  {} {}\n", sign, printable(users[i]));
  if (count > kShownChanges) text += fmt::format("  {} ... {} more\n", sign, number(count - kShownChanges));
}

std::string headline(const ImportResult& r) {
  switch (r.mode) {
    case ImportResult::Mode::write:
      return fmt::format("Imported {} into {}.\n", counted(r.written, "user", "users"), r.table) +
             (r.removed > 0
                  ? fmt::format("Removed {} that the file does not have.\n", counted(r.removed, "user", "users"))
                  : "");
    case ImportResult::Mode::only_changes:
      return fmt::format("{}: {} added, {} changed, {} removed, {} as they were.\n", r.table, number(r.added),
                         number(r.changed), number(r.removed), number(r.same));
    case ImportResult::Mode::dry_run:
      break;
  }
  std::string text =
      fmt::format("Nothing was written. In {}, {} would be added, {} changed, {} removed; {} are the same.\n", r.table,
                  counted(r.added, "user", "users"), number(r.changed), number(r.missing), number(r.same));
  append_changes(text, "+", r.added_users, r.added);
  append_changes(text, "~", r.changed_users, r.changed);
  append_changes(text, "-", r.missing_users, r.missing);
  return text;
}

json::array array_of(const std::vector<std::string>& values) {
  json::array out;
  for (const auto& value : values) out.emplace_back(value);
  return out;
}

}  // namespace

void ImportResult::count_status(const std::string& status) {
  if (statuses.size() < kListedStatuses || statuses.contains(status)) ++statuses[status];
}

std::vector<std::string> status_remarks(const ImportResult& result) {
  std::vector<std::pair<std::uint64_t, std::string>> other, spelled;
  std::uint64_t inactive = 0;
  for (const auto& [status, count] : result.statuses) {
    std::string name = status.empty() ? "without a status" : "'" + status + "'";
    if (!result.active.contains(status)) {
      other.emplace_back(count, name);
      inactive += count;
    } else if (std::ranges::find(result.active.statuses(), status) == result.active.statuses().end()) {
      spelled.emplace_back(count, name);
    }
  }
  std::ranges::sort(other, std::greater{});
  std::ranges::sort(spelled, std::greater{});
  std::string accepted = fmt::format("{}", fmt::join(result.active.statuses(), ","));
  std::vector<std::string> out;
  if (inactive > 0)
    out.push_back(fmt::format("{} not active (the stack's ActiveStatus is '{}'): {}",
                              counted(inactive, "user is", "users are"), accepted, in_a_list(other)));
  if (!spelled.empty())
    out.push_back(fmt::format("active all the same, though not spelled '{}': {}", accepted, in_a_list(spelled)));
  return out;
}

std::string text_of(const ImportResult& result) {
  std::string text = headline(result);
  if (result.repeated > 0)
    text += fmt::format("{} a user again: the last one counts.\n", counted(result.repeated, "row names", "rows name"));
  if (result.bad > 0) {
    text += fmt::format("{} not imported:\n", counted(result.bad, "entry was", "entries were"));
    for (std::size_t i = 0; i < result.bad_entries.size() && i < kShownBad; ++i) {
      const auto& bad = result.bad_entries[i];
      std::string name = bad.name.empty() ? "" : fmt::format(", {}", printable(bad.name));
      text += fmt::format("  line {}{}: {}\n", bad.line, name, printable(bad.why));
    }
    if (result.bad > kShownBad)
      text +=
          fmt::format("  ... and {} more (--output json has {} of them)\n", number(result.bad - kShownBad), kListedBad);
  }
  for (const auto& remark : status_remarks(result)) text += fmt::format("Note: {}.\n", printable(remark));
  for (const auto& remark : result.remarks) text += fmt::format("Note: {}.\n", printable(remark));
  return text;
}

json::object json_of(const ImportResult& result) {
  json::array bad;
  for (const auto& entry : result.bad_entries)
    bad.push_back(json::object{{"line", entry.line}, {"entry", entry.name}, {"why", entry.why}});
  json::object statuses;
  for (const auto& [status, count] : result.statuses) statuses[status] = count;
  json::array remarks = array_of(status_remarks(result));
  for (const auto& remark : result.remarks) remarks.emplace_back(remark);
  bool is_dry = result.mode == ImportResult::Mode::dry_run;
  return {{"table", result.table},
          {"format", result.format},
          {"mapping", result.mapping},
          {"dryRun", is_dry},
          {"imported", is_dry ? 0 : result.imported()},
          {"added", result.added},
          {"changed", result.changed},
          {"same", result.same},
          {"removed", result.removed},
          {"missing", result.missing},
          {"repeated", result.repeated},
          {"notImported", result.bad},
          {"bad", std::move(bad)},
          {"addedUsers", array_of(result.added_users)},
          {"changedUsers", array_of(result.changed_users)},
          {"missingUsers", array_of(result.missing_users)},
          {"statuses", std::move(statuses)},
          {"remarks", std::move(remarks)}};
}

}  // namespace ads::cli
