#include "cli/user_import.h"

#include <fmt/format.h>

#include <cstring>

#include "base/digest.h"
#include "batch/user.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"

namespace ads::cli {
namespace {

namespace ddb = aws::dynamodb;

constexpr std::size_t kInFlight = 16;
constexpr std::size_t kRememberedInFlight = 50'000;

}  // namespace

UserImport::UserImport(Session& session, aws::Connection& connection, std::string table, batch::ActiveStatuses active,
                       ImportOptions options)
    : session_(session),
      table_(connection, std::move(table)),
      options_(std::move(options)),
      writes_(session.io.get_executor(), kInFlight),
      progress_("importing", 0, "users") {
  options_.reader.active = active.statuses().front();
  result_.table = table_.name();
  result_.mode = options_.mode;
  result_.active = std::move(active);
}

UserImport::KeyDigest UserImport::digest(const std::string& key) {
  std::string bytes = sha256(key);
  KeyDigest out;
  std::memcpy(&out.a, bytes.data(), sizeof out.a);
  std::memcpy(&out.b, bytes.data() + sizeof out.a, sizeof out.b);
  return out;
}

Result<std::unique_ptr<directory::UserReader>> UserImport::open_reader() {
  auto read = input_.read();
  if (!read) return fail(read.error());
  auto reader = directory::UserReader::open(std::move(*read), options_.reader);
  if (!reader)
    return fail(reader.error().kind, reader.error().code, fmt::format("{}: {}", input_.name(), reader.error().message));
  return reader;
}

Task<int> UserImport::run() {
  if (auto opened = input_.open(options_.path); !opened) co_return report_error(session_, opened.error());
  result_.file = input_.name();
  if (options_.missing == ImportOptions::Missing::removed) {
    auto found = co_await find_missing();
    if (!found) co_return report_error(session_, found.error());
  }
  auto imported = co_await import_file();
  if (imported && !missing_.empty() && !is_dry_run()) imported = co_await remove_missing();
  co_return finish(imported ? std::nullopt : std::optional(imported.error()));
}

// -- users that the file does not have

Result<void> UserImport::read_keys(KeySet& keys) {
  auto reader = open_reader();
  if (!reader) return fail(reader.error());
  for (;;) {
    auto step = (*reader)->next();
    if (!step) return fail(step.error());
    if (std::holds_alternative<directory::UserReader::End>(*step)) return {};
    if (auto* bad = std::get_if<directory::BadEntry>(&*step))
      return fail(
          ErrorKind::invalid, "NotRemovable",
          fmt::format("{}, line {}{}{}: {}. Nothing was changed: with an entry that cannot be read it is not known "
                      "which users are missing (import without --remove-missing, or correct it)",
                      input_.name(), bad->line, bad->name.empty() ? "" : ", ", bad->name, bad->why));
    keys.insert(digest(std::get<directory::ImportedUser>(*step).key));
  }
}

Task<Result<void>> UserImport::scan_for_missing(const KeySet& keys) {
  ddb::Item start;
  do {
    auto page = co_await table_.scan(UserTable::Attributes::key_only, std::move(start), std::nullopt);
    if (!page) co_return fail(page.error());
    result_.in_table += page->items.size();
    for (const auto& item : page->items)
      if (auto key = key_of(item); !key.empty() && !keys.contains(digest(key))) missing_.push_back(std::move(key));
    start = std::move(page->next);
  } while (!start.empty());
  result_.missing = missing_.size();
  for (std::size_t i = 0; i < missing_.size() && i < kListedChanges; ++i) result_.missing_users.push_back(missing_[i]);
  co_return Result<void>{};
}

Task<Result<void>> UserImport::find_missing() {
  bool may_ask = options_.yes == YesFlag::given || is_dry_run() || is_interactive();
  if (!may_ask)
    co_return fail(ErrorKind::invalid, "NotConfirmed",
                   "--remove-missing asks before it removes users, and there is no terminal to ask on: say --yes");
  if (auto ready = input_.make_repeatable(); !ready) co_return ready;
  KeySet keys;
  if (auto read = read_keys(keys); !read) co_return read;
  if (auto scanned = co_await scan_for_missing(keys); !scanned) co_return scanned;
  if (missing_.empty() || is_dry_run()) co_return Result<void>{};
  std::string count = fmt::format("{} of the {} users in {} are not in {}", missing_.size(), result_.in_table,
                                  table_.name(), input_.name());
  bool is_too_many = missing_.size() * 100 > result_.in_table * kMostMissingPercent;
  if (is_too_many && options_.force == ImportOptions::Force::no)
    co_return fail(ErrorKind::invalid, "TooManyMissing",
                   fmt::format("{}: more than {} % are removed only with --force. Nothing was changed: is it the whole "
                               "directory? (--dry-run shows who is missing)",
                               count, kMostMissingPercent));
  auto consent = confirm({fmt::format("{}. Remove them? [y/N] ", count), "the removal", ""}, options_.yes);
  if (!consent) co_return fail(consent.error());
  if (*consent == Consent::refused) co_return fail(ErrorKind::conflict, "NotRemoved", "nothing was changed");
  co_return Result<void>{};
}

Task<Result<void>> UserImport::remove_missing() {
  for (std::size_t at = 0; at < missing_.size() && !failure_; at += kWriteBatch) {
    std::vector<ddb::WriteRequest> requests;
    for (std::size_t i = at; i < std::min(at + kWriteBatch, missing_.size()); ++i)
      requests.push_back(ddb::DeleteRequest{{{std::string(batch::kUserKey), missing_[i]}}});
    std::size_t count = requests.size();
    auto removed = co_await table_.write(std::move(requests));
    if (!removed) co_return removed;
    result_.removed += count;
  }
  co_return Result<void>{};
}

// -- users that it has

Task<Result<void>> UserImport::import_file() {
  auto opened = open_reader();
  if (!opened) co_return fail(opened.error());
  directory::UserReader& reader = **opened;
  std::optional<Error> error;
  types_ = reader.format() == directory::UserFormat::json ? FileTypes::any : FileTypes::only_text;
  while (!failure_) {
    auto step = reader.next();
    if (!step)
      error = Error{step.error().kind, step.error().code, fmt::format("{}: {}", input_.name(), step.error().message)};
    if (error || std::holds_alternative<directory::UserReader::End>(*step)) break;
    if (auto* bad = std::get_if<directory::BadEntry>(&*step)) {
      if (++result_.bad <= kListedBad) result_.bad_entries.push_back(std::move(*bad));
      continue;
    }
    co_await take(std::get<directory::ImportedUser>(*step));
  }
  if (!failure_) co_await flush();
  co_await writes_.drain();
  result_.format = directory::to_string(reader.format());
  result_.mapping = reader.mapping_text();
  result_.remarks = reader.remarks();
  if (failure_)
    error = Error{failure_->kind, failure_->code,
                  fmt::format("{}. From line {} of {} on, users were not imported or only some of them; repeating the "
                              "command does no harm",
                              failure_->message, failed_line_, input_.name())};
  co_return error ? Result<void>(fail(*error)) : Result<void>{};
}

Task<void> UserImport::take(const directory::ImportedUser& user) {
  auto item = user_item(user);
  if (!item) {
    if (++result_.bad <= kListedBad)
      result_.bad_entries.push_back({user.line, user.name.empty() ? user.key : user.name, item.error().message});
    co_return;
  }
  Row row{user.line, user.key, std::move(*item), false};
  KeyDigest key = digest(row.key);
  if (!seen_.insert(key).second) {
    ++result_.repeated;
    // The last row counts: it takes the place of one that waits, or waits for one that is being written.
    if (auto found = positions_.find(row.key); found != positions_.end()) {
      row.is_repeated = rows_[found->second].is_repeated;
      rows_[found->second] = std::move(row);
      co_return;
    }
    row.is_repeated = true;
    if (in_flight_.contains(key)) {
      co_await writes_.drain();
      in_flight_.clear();
    }
  }
  positions_.emplace(row.key, rows_.size());
  rows_.push_back(std::move(row));
  if (rows_.size() == (compares() ? kReadBatch : kWriteBatch)) co_await flush();
}

Task<void> UserImport::flush() {
  if (rows_.empty()) co_return;
  if (in_flight_.size() > kRememberedInFlight) {
    co_await writes_.drain();
    in_flight_.clear();
  }
  for (const Row& row : rows_) in_flight_.insert(digest(row.key));
  positions_.clear();
  co_await writes_.start(process(std::exchange(rows_, {})));
  progress_.set(result_.imported());
}

Task<void> UserImport::process(Rows rows) {
  std::uint64_t first_line = rows.front().line;
  Result<void> done;
  if (compares()) {
    done = co_await write_compared(rows);
  } else {
    std::vector<ddb::WriteRequest> requests;
    for (Row& row : rows) requests.push_back(ddb::PutRequest{row.user.item});
    done = co_await write_all(std::move(requests));
    if (done)
      for (const Row& row : rows) count(row, {});
  }
  if (!done && (!failure_ || first_line < failed_line_)) {
    failure_ = done.error();
    failed_line_ = first_line;
  }
}

Task<Result<void>> UserImport::write_all(std::vector<ddb::WriteRequest> requests) {
  for (std::size_t at = 0; at < requests.size(); at += kWriteBatch) {
    auto begin = requests.begin() + static_cast<std::ptrdiff_t>(at);
    auto end = requests.begin() + static_cast<std::ptrdiff_t>(std::min(at + kWriteBatch, requests.size()));
    auto written = co_await table_.write({std::make_move_iterator(begin), std::make_move_iterator(end)});
    if (!written) co_return written;
  }
  co_return Result<void>{};
}

Task<Result<void>> UserImport::write_compared(const Rows& rows) {
  std::vector<std::string> keys;
  for (const Row& row : rows) keys.push_back(row.key);
  auto present = co_await table_.get(std::move(keys));
  if (!present) co_return fail(present.error());
  std::vector<ddb::WriteRequest> added;
  std::vector<std::pair<const Row*, UserChange>> changes;
  for (const Row& row : rows) {
    auto found = present->find(row.key);
    UserChange change =
        compare(row.user, found == present->end() ? nullptr : &found->second, options_.existing, types_);
    if (change.kind == UserChange::Kind::added) added.push_back(ddb::PutRequest{row.user.item});
    changes.emplace_back(&row, std::move(change));
  }
  if (!is_dry_run())
    if (auto written = co_await write_all(std::move(added)); !written) co_return written;
  for (auto& [row, change] : changes) {
    if (change.kind == UserChange::Kind::changed && !is_dry_run()) {
      ddb::Item set;
      for (const std::string& name : change.set) set.emplace(name, row->user.item.find(name)->second);
      auto updated = co_await table_.update(row->key, std::move(set), change.removed);
      if (!updated) co_return fail(updated.error());
    }
    count(*row, change);
  }
  co_return Result<void>{};
}

void UserImport::count(const Row& row, const UserChange& change) {
  if (row.is_repeated) return;
  result_.count_status(status_of(row.user.item));
  if (!compares()) {
    ++result_.written;
    return;
  }
  auto list = [](std::vector<std::string>& users, std::string user) {
    if (users.size() < kListedChanges) users.push_back(std::move(user));
  };
  switch (change.kind) {
    case UserChange::Kind::none:
      ++result_.same;
      break;
    case UserChange::Kind::added:
      ++result_.added;
      list(result_.added_users, row.key);
      break;
    case UserChange::Kind::changed:
      ++result_.changed;
      std::vector<std::string> names = change.set;
      names.insert(names.end(), change.removed.begin(), change.removed.end());
      list(result_.changed_users, fmt::format("{}: {}", row.key, fmt::join(names, ", ")));
      break;
  }
}

int UserImport::finish(const std::optional<Error>& error) {
  bool has_said_nothing = result_.imported() + result_.bad + result_.removed + result_.missing == 0;
  if (session_.is_json())
    print_json(json_of(result_));
  else if (!has_said_nothing)
    print_text(text_of(result_));
  if (error) return report_error(session_, *error);
  // An export that failed and left nothing in the pipe must not look like an import.
  if (has_said_nothing) {
    std::string notes;
    for (const auto& remark : result_.remarks) notes += "; " + remark;
    return report_error(session_, "NoUsers",
                        fmt::format("{} has no user: nothing was imported{}", input_.name(), notes));
  }
  if (result_.bad == 0) return kSuccess;
  return result_.imported() > 0 ? kDoneInPart : kFailure;
}

}  // namespace ads::cli
