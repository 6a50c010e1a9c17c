#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/user_commands.h"
#include "cli/user_import.h"
#include "cli/user_rules.h"

namespace ads::cli {
namespace {

struct ImportFlags {
  std::string path, format = "detect", encoding = "detect", map;
  bool only_changes = false, remove_missing = false, dry_run = false, is_forced = false, is_yes = false;
};

// Errors: invalid / "BadOption".
Result<ImportOptions> options_of(const ImportFlags& flags) {
  ImportOptions options;
  options.path = flags.path;
  options.reader.map = flags.map;
  auto format = directory::parse_user_format(flags.format);
  if (flags.format != "detect" && !format)
    return fail(ErrorKind::invalid, "BadOption",
                fmt::format("--format '{}': it must be csv, csvde, json, jsonl or ldif", flags.format));
  options.reader.format = format.value_or(directory::UserFormat::detect);
  auto encoding = directory::parse_encoding(flags.encoding);
  if (!encoding)
    return fail(ErrorKind::invalid, "BadOption",
                fmt::format("--encoding '{}': it must be utf-8, utf-16, utf-16be or windows-1252", flags.encoding));
  options.reader.encoding = *encoding;
  options.existing = flags.only_changes ? ExistingUser::merged : ExistingUser::replaced;
  options.mode = flags.dry_run        ? ImportResult::Mode::dry_run
                 : flags.only_changes ? ImportResult::Mode::only_changes
                                      : ImportResult::Mode::write;
  if (flags.remove_missing) options.missing = ImportOptions::Missing::removed;
  if (flags.is_forced) options.force = ImportOptions::Force::yes;
  if (flags.is_yes) options.yes = YesFlag::given;
  return options;
}

Task<int> import_users(Session& session, ImportFlags flags) {
  auto options = options_of(flags);
  if (!options) {
    report_error(session, options.error());
    co_return kUsage;
  }
  auto table = co_await session.stack_output("UsersTable");
  if (!table) co_return report_error(session, table.error());
  auto rules = co_await user_rules(session);
  if (!rules) co_return report_error(session, rules.error());
  options->reader.key_form = rules->key_form;
  UserImport import(session, **session.connection(), std::move(*table), std::move(rules->active), std::move(*options));
  co_return co_await import.run();
}

void add_import(CLI::App& users, Session& session) {
  auto flags = std::make_shared<ImportFlags>();
  auto* command = users.add_subcommand(
      "import",
      "Put users into the users table from CSV (with a header), JSON, JSON Lines, LDIF, or Active Directory's csvde.\n"
      "A table of users has columns serviceUUID, status, firstName, lastName, detailedAddress, lastPingedLocation;\n"
      "others are kept. Of a directory, objectGUID or entryUUID becomes serviceUUID, givenName, sn and streetAddress\n"
      "the profile, and a disabled or locked account is not active. A user that is there already is replaced.\n\n"
      "  ldapsearch -E pr=1000/noprompt ... | ads users import --only-changes -");
  command->add_option("FILE", flags->path, "A file, plain or compressed; - is standard input")->required();
  command->add_option("--format", flags->format, "csv, json or ldif, where the first line does not tell")
      ->option_text("FORMAT");
  command->add_option("--encoding", flags->encoding, "utf-8, utf-16 or windows-1252, where the beginning does not tell")
      ->option_text("NAME");
  command
      ->add_option("--map", flags->map,
                   "Where attributes come from: serviceUUID=objectGUID,lastPingedLocation=l,department=department. "
                   "a|b is the first that has a value, :text is a text, nothing drops the attribute")
      ->option_text("A=B,...");
  command->add_flag("--only-changes", flags->only_changes,
                    "Write only what differs; attributes that the file does not have stay as they are");
  command->add_flag("--remove-missing", flags->remove_missing,
                    "Remove the users that the file does not have; asks first");
  command->add_flag("--dry-run", flags->dry_run, "Show what would be added, changed and removed, and write nothing");
  command->add_flag("--force", flags->is_forced, "Let --remove-missing remove more than 20 % of the users");
  command->add_flag("--yes", flags->is_yes, "Do not ask");
  command->callback(
      [&session, flags] { session.action = [&session, flags] { return import_users(session, *flags); }; });
}

void add_list(CLI::App& users, Session& session) {
  auto options = std::make_shared<ListOptions>(ListOptions{"", 100});
  auto* command = users.add_subcommand("list", "List users; as JSON, one a line, as `ads users import` reads them");
  command->add_option("--status", options->status, "Only users of that status, in any case");
  command->add_option("--limit", options->most, "How many; 0 lists all")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1'000'000'000'000}))
      ->capture_default_str();
  command->callback(
      [&session, options] { session.action = [&session, options] { return list_users(session, *options); }; });
}

void add_get(CLI::App& users, Session& session) {
  auto keys = std::make_shared<std::vector<std::string>>();
  auto* command = users.add_subcommand("get", "Show all that the table has of users");
  command->add_option("ID", *keys, "serviceUUID of the user")->required();
  command->callback([&session, keys] { session.action = [&session, keys] { return get_users(session, *keys); }; });
}

void add_set_status(CLI::App& users, Session& session) {
  auto key = std::make_shared<std::string>(), status = std::make_shared<std::string>();
  auto* command = users.add_subcommand("set-status", "Change the status of a user and nothing else");
  command->add_option("ID", *key, "serviceUUID of the user")->required();
  command->add_option("STATUS", *status, "Such as Active or Suspended")->required();
  command->callback([&session, key, status] {
    session.action = [&session, key, status] { return set_user_status(session, *key, *status); };
  });
}

void add_delete(CLI::App& users, Session& session) {
  auto keys = std::make_shared<std::vector<std::string>>();
  auto is_yes = std::make_shared<bool>(false);
  auto* command = users.add_subcommand("delete", "Delete users from the table; asks first");
  command->add_option("ID", *keys, "serviceUUID of the user")->required();
  command->add_flag("--yes", *is_yes, "Do not ask");
  command->callback([&session, keys, is_yes] {
    session.action = [&session, keys, is_yes] {
      return delete_users(session, *keys, *is_yes ? YesFlag::given : YesFlag::absent);
    };
  });
}

}  // namespace

void add_users(CLI::App& program, Session& session) {
  auto* users = program.add_subcommand("users", "The users that records are about");
  users->require_subcommand(1);
  add_import(*users, session);
  add_list(*users, session);
  add_get(*users, session);
  add_set_status(*users, session);
  add_delete(*users, session);
}

}  // namespace ads::cli
