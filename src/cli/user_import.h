// `ads users import`: a file of users into the table.
#pragma once
#include <unordered_map>
#include <unordered_set>

#include "cli/confirm.h"
#include "cli/in_flight.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "cli/user_change.h"
#include "cli/user_import_result.h"
#include "cli/user_input.h"
#include "cli/user_table.h"
#include "directory/user_reader.h"

namespace ads::cli {

struct ImportOptions {
  std::string path;  // "-": standard input
  directory::UserReaderOptions reader;
  ImportResult::Mode mode = ImportResult::Mode::write;
  ExistingUser existing = ExistingUser::replaced;
  enum class Missing { kept, removed } missing = Missing::kept;
  enum class Force { no, yes } force = Force::no;  // more than kMostMissingPercent may be removed
  YesFlag yes = YesFlag::absent;
};

inline constexpr std::uint64_t kMostMissingPercent = 20;

class UserImport {
 public:
  UserImport(Session& session, aws::Connection& connection, std::string table, batch::ActiveStatuses active,
             ImportOptions options);
  // Gives the exit code.
  Task<int> run();

 private:
  // A user's key, so that a million of them are 16 bytes each.
  struct KeyDigest {
    std::uint64_t a = 0, b = 0;
    bool operator==(const KeyDigest&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const KeyDigest& key) const { return key.a; }
  };
  using KeySet = std::unordered_set<KeyDigest, KeyHash>;
  static KeyDigest digest(const std::string& key);

  struct Row {
    std::uint64_t line = 0;
    std::string key;
    UserItem user;
    bool is_repeated = false;
  };
  using Rows = std::vector<Row>;

  Result<std::unique_ptr<directory::UserReader>> open_reader();
  // Reads the whole file and the table's keys. Errors: invalid / "NotRemovable", "TooManyMissing", "NotConfirmed".
  Task<Result<void>> find_missing();
  Result<void> read_keys(KeySet& keys);
  Task<Result<void>> scan_for_missing(const KeySet& keys);
  Task<Result<void>> import_file();
  Task<void> take(const directory::ImportedUser& user);
  Task<void> flush();
  Task<void> process(Rows rows);
  Task<Result<void>> write_compared(const Rows& rows);
  Task<Result<void>> write_all(std::vector<aws::dynamodb::WriteRequest> requests);
  Task<Result<void>> remove_missing();
  void count(const Row& row, const UserChange& change);
  int finish(const std::optional<Error>& error);
  bool compares() const { return options_.mode != ImportResult::Mode::write; }
  bool is_dry_run() const { return options_.mode == ImportResult::Mode::dry_run; }

  Session& session_;
  UserTable table_;
  ImportOptions options_;
  FileTypes types_ = FileTypes::only_text;
  UserInput input_;
  InFlight writes_;
  Progress progress_;
  ImportResult result_;
  KeySet seen_, in_flight_;
  Rows rows_;
  std::unordered_map<std::string, std::size_t> positions_;  // of keys in rows_
  std::vector<std::string> missing_;
  std::optional<Error> failure_;
  std::uint64_t failed_line_ = 0;
};

}  // namespace ads::cli
