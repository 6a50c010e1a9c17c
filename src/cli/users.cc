#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <set>

#include "aws/dynamodb/client.h"
#include "cli/commands.h"
#include "cli/in_flight.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "cli/user_file.h"

namespace ads::cli {
namespace {

namespace ddb = aws::dynamodb;

constexpr std::size_t kWriteBatch = 25;  // BatchWriteItem's limit
constexpr std::size_t kInFlight = 16;
constexpr int kMostAttempts = 8;

class Import {
 public:
  Import(Session& session, aws::Connection& connection, std::string table)
      : session_(session),
        client_(connection),
        table_(std::move(table)),
        writes_(session.io.get_executor(), kInFlight) {}

  Task<int> run(std::string file) {
    auto reader = UserFile::open(file);
    if (!reader) co_return report_error(session_, reader.error());
    Progress progress("importing", 0, "users");
    while (!failure_) {
      auto user = reader->next();
      if (!user) {
        failure_ = user.error();
        break;
      }
      if (!*user) break;
      // BatchWriteItem refuses a key twice: the later line waits for the next batch and so wins.
      std::string key = (*user)->at("serviceUUID");
      if (keys_.contains(key)) co_await flush();
      keys_.insert(key);
      batch_.push_back(std::move(**user));
      if (batch_.size() == kWriteBatch) co_await flush();
      progress.set(written_);
    }
    if (!batch_.empty() && !failure_) co_await flush();
    co_await writes_.drain();
    progress.set(written_);
    if (failure_) co_return report_error(session_, *failure_);
    if (session_.is_json())
      print_json({{"table", table_}, {"imported", written_}});
    else
      print(fmt::format("Imported {} users into {}.\n", written_, table_));
    co_return kSuccess;
  }

 private:
  Task<void> flush() {
    std::vector<ddb::WriteRequest> requests;
    for (auto& user : batch_) {
      ddb::Item item;
      for (auto& [name, value] : user) item[name] = value;
      requests.push_back(ddb::PutRequest{std::move(item)});
    }
    // A user that stands in two batches must keep its order: the second batch waits for the first.
    bool overlaps = std::any_of(keys_.begin(), keys_.end(), [&](const auto& key) { return last_keys_.contains(key); });
    if (overlaps) co_await writes_.drain(), last_keys_.clear();
    last_keys_.merge(keys_);
    if (last_keys_.size() > 100'000) co_await writes_.drain(), last_keys_.clear();
    batch_.clear();
    keys_.clear();
    co_await writes_.start(write(std::move(requests)));
  }

  Task<void> write(std::vector<ddb::WriteRequest> requests) {
    std::size_t count = requests.size();
    ddb::BatchWriteItemInput input{{{table_, std::move(requests)}}};
    for (int attempt = 1;; ++attempt) {
      auto answer = co_await client_.batch_write_item(input);
      if (!answer) {
        failure_ = answer.error();
        co_return;
      }
      if (answer->unprocessed.empty()) break;
      if (attempt == kMostAttempts) {
        failure_ = Error{ErrorKind::throttled, "UnprocessedItems", "DynamoDB keeps refusing items: try again later"};
        co_return;
      }
      input.tables = std::move(answer->unprocessed);
      co_await sleep_for(std::chrono::milliseconds(50 << attempt));
    }
    written_ += count;
  }

  Session& session_;
  ddb::Client client_;
  std::string table_;
  InFlight writes_;
  std::vector<UserRow> batch_;
  std::set<std::string> keys_, last_keys_;
  std::uint64_t written_ = 0;
  std::optional<Error> failure_;
};

Task<int> import_users(Session& session, std::string file) {
  auto table = co_await session.stack_output("UsersTable");
  if (!table) co_return report_error(session, table.error());
  Import import(session, **session.connection(), *table);
  co_return co_await import.run(file);
}

}  // namespace

void add_users(CLI::App& program, Session& session) {
  auto* users = program.add_subcommand("users", "The users that records are about");
  users->require_subcommand(1);
  auto file = std::make_shared<std::string>();
  auto* command = users->add_subcommand(
      "import",
      "Put users into the users table from CSV (with a header) or JSON Lines.\n"
      "Columns: serviceUUID, status, firstName, lastName, detailedAddress, lastPingedLocation; others are kept.\n"
      "A user that is there already is replaced.");
  command->add_option("FILE", *file, "FILE.csv or FILE.jsonl")->required();
  command->callback([&session, file] { session.action = [&session, file] { return import_users(session, *file); }; });
}

}  // namespace ads::cli
