#include "cli/user_commands.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/dynamodb/natural_json.h"
#include "batch/active_status.h"
#include "batch/csv.h"
#include "batch/user.h"
#include "cli/printable.h"
#include "cli/terminal.h"
#include "cli/user_rules.h"
#include "cli/user_table.h"

namespace ads::cli {
namespace {

namespace ddb = aws::dynamodb;

// The users table, and the ids as it spells them.
struct Access {
  UserTable table;
  std::vector<std::string> keys;
};

Task<Result<UserTable>> users_table(Session& session) {
  auto name = co_await session.stack_output("UsersTable");
  if (!name) co_return fail(name.error());
  auto connection = session.connection();
  if (!connection) co_return fail(connection.error());
  co_return UserTable(**connection, std::move(*name));
}

// Each id once, in the order given, spelled as the table does.
Task<Result<Access>> access(Session& session, std::vector<std::string> ids) {
  auto table = co_await users_table(session);
  if (!table) co_return fail(table.error());
  auto rules = co_await user_rules(session);
  if (!rules) co_return fail(rules.error());
  Access out{std::move(*table), {}};
  std::set<std::string> seen;
  for (const std::string& id : ids) {
    batch::UuidText buffer;
    std::string key(batch::user_key(batch::trim(id), rules->key_form, buffer));
    if (seen.insert(key).second) out.keys.push_back(std::move(key));
  }
  co_return out;
}

// Text as it is, anything else as JSON; "-" where there is nothing.
std::string cell(const ddb::Item& item, std::string_view name) {
  auto found = item.find(name);
  if (found == item.end() || std::holds_alternative<ddb::Null>(found->second.value)) return "-";
  return printable(found->second.string() ? *found->second.string() : ddb::natural_json(found->second));
}

std::string line_of(const ddb::Item& item) {
  return fmt::format("{:<36}  {:<10}  {} {}\n", cell(item, batch::kUserKey), cell(item, batch::kUserStatus),
                     cell(item, "firstName"), cell(item, "lastName"));
}

std::string block_of(const ddb::Item& item) {
  std::string text;
  for (std::string_view name : batch::kUserAttributes) text += fmt::format("{:<20} {}\n", name, cell(item, name));
  for (const auto& [name, value] : item)
    if (std::ranges::find(batch::kUserAttributes, name) == std::end(batch::kUserAttributes))
      text += fmt::format("{:<20} {}\n", printable(name), cell(item, name));
  return text;
}

// The items of the keys, by key.
Task<Result<UserTable::Items>> get_all(UserTable& table, const std::vector<std::string>& keys) {
  UserTable::Items items;
  for (std::size_t at = 0; at < keys.size(); at += kReadBatch) {
    auto end = std::min(at + kReadBatch, keys.size());
    auto found = co_await table.get(
        {keys.begin() + static_cast<std::ptrdiff_t>(at), keys.begin() + static_cast<std::ptrdiff_t>(end)});
    if (!found) co_return fail(found.error());
    items.merge(std::move(*found));
  }
  co_return items;
}

Error no_user(const UserTable& table, const std::vector<std::string>& keys) {
  return {ErrorKind::not_found, "NoUser",
          fmt::format("no {} {} in {}", keys.size() == 1 ? "user" : "users", fmt::join(keys, ", "), table.name())};
}

}  // namespace

Task<int> list_users(Session& session, ListOptions options) {
  auto table = co_await users_table(session);
  if (!table) co_return report_error(session, table.error());
  std::string wanted = batch::fold_case(batch::trim(options.status));
  std::uint64_t listed = 0;
  bool is_complete = true;
  ddb::Item start;
  do {
    std::optional<int> limit;
    if (options.most > 0 && wanted.empty())
      limit = static_cast<int>(std::min<std::uint64_t>(options.most - listed + 1, 10'000));
    auto page = co_await table->scan(UserTable::Attributes::all, std::move(start), limit);
    if (!page) co_return report_error(session, page.error());
    start = std::move(page->next);
    for (const auto& item : page->items) {
      if (!wanted.empty() && batch::fold_case(batch::trim(status_of(item))) != wanted) continue;
      if (options.most > 0 && listed == options.most) {
        is_complete = false;
        start.clear();
        break;
      }
      if (session.is_json())
        print(json_of(item) + "\n");
      else
        print_text(line_of(item));
      ++listed;
    }
  } while (!start.empty());
  if (!session.is_json() && !is_complete)
    print_text(fmt::format("... and more: --limit 0 lists all of {}\n", table->name()));
  if (!session.is_json() && listed == 0)
    print_text(fmt::format("No user{} in {}.\n", wanted.empty() ? "" : " of that status", table->name()));
  co_return kSuccess;
}

Task<int> get_users(Session& session, std::vector<std::string> ids) {
  auto accessed = co_await access(session, std::move(ids));
  if (!accessed) co_return report_error(session, accessed.error());
  auto& [table, keys] = *accessed;
  auto found = co_await get_all(table, keys);
  if (!found) co_return report_error(session, found.error());
  std::vector<std::string> absent;
  bool is_first = true;
  for (const std::string& key : keys) {
    auto item = found->find(key);
    if (item == found->end()) {
      absent.push_back(key);
      continue;
    }
    if (session.is_json())
      print(json_of(item->second) + "\n");
    else
      print_text((std::exchange(is_first, false) ? "" : "\n") + block_of(item->second));
  }
  co_return absent.empty() ? kSuccess : report_error(session, no_user(table, absent));
}

Task<int> set_user_status(Session& session, std::string id, std::string status) {
  status = batch::trim(status);
  if (status.empty())
    co_return report_error(session, "NoStatus", "the status is empty: name one, such as Active or Suspended");
  auto accessed = co_await access(session, {std::move(id)});
  if (!accessed) co_return report_error(session, accessed.error());
  auto& [table, keys] = *accessed;
  const std::string& key = keys.front();
  auto before = co_await table.update(key, {{std::string(batch::kUserStatus), ddb::AttributeValue(status)}}, {});
  if (!before) co_return report_error(session, before.error());
  std::string old = cell(*before, batch::kUserStatus);
  if (session.is_json())
    print_json({{"serviceUUID", key}, {"before", status_of(*before)}, {"status", status}});
  else
    print_text(fmt::format("{}: {} -> {}\n", printable(key), old, printable(status)));
  co_return kSuccess;
}

Task<int> delete_users(Session& session, std::vector<std::string> ids, YesFlag yes) {
  auto accessed = co_await access(session, std::move(ids));
  if (!accessed) co_return report_error(session, accessed.error());
  auto& [table, keys] = *accessed;
  std::string what =
      keys.size() == 1 ? fmt::format("the user {}", printable(keys[0])) : fmt::format("{} users", keys.size());
  auto consent = confirm({fmt::format("Delete {} from {}? [y/N] ", what, table.name()), "the deletion", ""}, yes);
  if (!consent) co_return report_error(session, consent.error());
  if (*consent == Consent::refused) co_return report_error(session, "NotDeleted", "nothing was deleted");
  std::vector<std::string> deleted, absent;
  for (const std::string& key : keys) {
    auto before = co_await table.remove(key);
    if (!before) {
      if (!deleted.empty())
        print_text(fmt::format("Deleted: {}\n", printable(fmt::format("{}", fmt::join(deleted, ", ")))));
      co_return report_error(session, before.error());
    }
    (*before ? deleted : absent).push_back(key);
  }
  if (session.is_json())
    print_json({{"table", table.name()}, {"deleted", json::array(deleted.begin(), deleted.end())}});
  else if (!deleted.empty())
    print_text(fmt::format("Deleted: {}\n", printable(fmt::format("{}", fmt::join(deleted, ", ")))));
  co_return absent.empty() ? kSuccess : report_error(session, no_user(table, absent));
}

}  // namespace ads::cli
