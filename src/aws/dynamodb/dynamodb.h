// DynamoDB's operations as this project calls them: requests and answers
// (docs.aws.amazon.com/amazondynamodb/latest/APIReference).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "aws/dynamodb/attribute_value.h"

namespace ads::aws::dynamodb {

using Text = std::optional<std::string>;
using Names = std::map<std::string, std::string>;  // "#status" -> "status"
using Values = Map;                                // ":active" -> value

enum class Consistency { eventual, strong };
enum class ReturnValues { none, all_old, updated_old, all_new, updated_new };

struct GetItemInput {
  std::string table;
  Item key;
  Text projection;
  Names names;
  Consistency consistency = Consistency::eventual;
};
struct GetItemOutput {
  std::optional<Item> item;
};

struct PutItemInput {
  std::string table;
  Item item;
  Text condition;
  Names names;
  Values values;
  ReturnValues return_values = ReturnValues::none;  // none, all_old
};
struct UpdateItemInput {
  std::string table;
  Item key;
  std::string update;
  Text condition;
  Names names;
  Values values;
  ReturnValues return_values = ReturnValues::none;
};
struct DeleteItemInput {
  std::string table;
  Item key;
  Text condition;
  Names names;
  Values values;
  ReturnValues return_values = ReturnValues::none;  // none, all_old
};
// Answer of Put, Update and Delete: what return_values asked for.
struct WriteOutput {
  std::optional<Item> attributes;
};

struct KeysOfTable {
  std::vector<Item> keys;
  Text projection;
  Names names;
  Consistency consistency = Consistency::eventual;
};
struct BatchGetItemInput {
  std::map<std::string, KeysOfTable> tables;  // 100 keys in all, none twice
};
struct BatchGetItemOutput {
  std::map<std::string, std::vector<Item>> items;
  std::map<std::string, KeysOfTable> unprocessed;  // ask again, later: an input as it stands
};

struct PutRequest {
  Item item;
};
struct DeleteRequest {
  Item key;
};
using WriteRequest = std::variant<PutRequest, DeleteRequest>;
struct BatchWriteItemInput {
  std::map<std::string, std::vector<WriteRequest>> tables;  // 25 in all
};
struct BatchWriteItemOutput {
  std::map<std::string, std::vector<WriteRequest>> unprocessed;
};

enum class Direction { forward, backward };
struct QueryInput {
  std::string table;
  Text index;
  std::string key_condition;
  Text filter, projection;
  Names names;
  Values values;
  std::optional<int> limit;
  Item start_key;  // empty: from the start
  Direction direction = Direction::forward;
  Consistency consistency = Consistency::eventual;
};
struct ScanInput {
  std::string table;
  Text index, filter, projection;
  Names names;
  Values values;
  std::optional<int> limit;
  Item start_key;
  std::optional<int> segment, total_segments;
  Consistency consistency = Consistency::eventual;
};
struct PageOutput {
  std::vector<Item> items;
  int count = 0;
  int scanned_count = 0;
  std::optional<Item> last_evaluated_key;  // nothing: this was the last page
};

struct ConditionCheck {
  std::string table;
  Item key;
  std::string condition;
  Names names;
  Values values;
};
// return_values of the parts has no meaning in a transaction.
using TransactItem = std::variant<PutItemInput, UpdateItemInput, DeleteItemInput, ConditionCheck>;
struct TransactWriteItemsInput {
  std::vector<TransactItem> items;  // 100 at most
  Text client_request_token;        // 36 characters at most; repeats within 10 minutes are answered as the first
};

struct KeyElement {
  std::string name;
  std::string type;  // "HASH" | "RANGE"
};
struct DescribeTableOutput {
  std::string name, arn, status;  // "ACTIVE", ...
  std::vector<KeyElement> key_schema;
  std::int64_t item_count = 0;
  std::int64_t size_bytes = 0;
};

}  // namespace ads::aws::dynamodb
