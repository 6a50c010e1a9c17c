// The users table as the command line reads and writes it: calls as large as DynamoDB takes, unprocessed parts again.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "aws/dynamodb/client.h"

namespace ads::cli {

inline constexpr std::size_t kReadBatch = 100;  // BatchGetItem's limit
inline constexpr std::size_t kWriteBatch = 25;  // BatchWriteItem's limit

class UserTable {
 public:
  UserTable(aws::Connection& connection, std::string name) : client_(connection), name_(std::move(name)) {}
  const std::string& name() const { return name_; }

  using Items = std::map<std::string, aws::dynamodb::Item>;  // by key
  // At most kReadBatch keys, none twice; who is not in the table is not in the answer. Errors of all: DynamoDB's, and
  // throttled / "Unprocessed" where it keeps refusing parts.
  Task<Result<Items>> get(std::vector<std::string> keys);
  // At most kWriteBatch, of different users.
  Task<Result<void>> write(std::vector<aws::dynamodb::WriteRequest> requests);
  // Changes attributes of a user that exists, and gives the attributes as they were. Errors: not_found / "NoUser".
  Task<Result<aws::dynamodb::Item>> update(std::string key, aws::dynamodb::Item set, std::vector<std::string> removed);
  // The user as it was; nothing where there was none.
  Task<Result<std::optional<aws::dynamodb::Item>>> remove(std::string key);

  enum class Attributes { all, key_only };
  // Of about 1 MB; `next` is the start of the next call, and empty after the last.
  struct Page {
    std::vector<aws::dynamodb::Item> items;
    aws::dynamodb::Item next;
  };
  Task<Result<Page>> scan(Attributes attributes, aws::dynamodb::Item start, std::optional<int> limit);

 private:
  aws::dynamodb::Client client_;
  std::string name_;
};

// Keys and status of an item as text; empty where it has none.
std::string key_of(const aws::dynamodb::Item& item);
std::string status_of(const aws::dynamodb::Item& item);
// As one JSON object, without type letters.
std::string json_of(const aws::dynamodb::Item& item);

}  // namespace ads::cli
