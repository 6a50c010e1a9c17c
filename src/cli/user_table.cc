#include "cli/user_table.h"

#include <fmt/format.h>

#include "aws/dynamodb/natural_json.h"
#include "base/clock.h"
#include "batch/user.h"
#include "function/user_item.h"

namespace ads::cli {
namespace {

namespace ddb = aws::dynamodb;

constexpr int kMostAttempts = 10;

std::string key_name() {
  return std::string(batch::kUserKey);
}

std::unexpected<Error> keeps_refusing() {
  return fail(ErrorKind::throttled, "Unprocessed", "DynamoDB keeps refusing items: try again later");
}

Task<void> wait_before(int attempt) {
  co_await sleep_for(std::chrono::milliseconds(25 << attempt));
}

}  // namespace

Task<Result<UserTable::Items>> UserTable::get(std::vector<std::string> keys) {
  ddb::KeysOfTable wanted;
  wanted.consistency = ddb::Consistency::strong;
  for (std::string& key : keys) wanted.keys.push_back({{key_name(), ddb::AttributeValue(std::move(key))}});
  ddb::BatchGetItemInput input;
  input.tables.emplace(name_, std::move(wanted));
  Items items;
  for (int attempt = 1;; ++attempt) {
    auto output = co_await client_.batch_get_item(input);
    if (!output) co_return fail(output.error());
    for (auto& [table, found] : output->items)
      for (auto& item : found) items.insert_or_assign(key_of(item), std::move(item));
    if (output->unprocessed.empty()) co_return items;
    if (attempt == kMostAttempts) co_return keeps_refusing();
    input.tables = std::move(output->unprocessed);
    co_await wait_before(attempt);
  }
}

Task<Result<void>> UserTable::write(std::vector<ddb::WriteRequest> requests) {
  ddb::BatchWriteItemInput input{{{name_, std::move(requests)}}};
  for (int attempt = 1;; ++attempt) {
    auto output = co_await client_.batch_write_item(input);
    if (!output) co_return fail(output.error());
    if (output->unprocessed.empty()) co_return Result<void>{};
    if (attempt == kMostAttempts) co_return keeps_refusing();
    input.tables = std::move(output->unprocessed);
    co_await wait_before(attempt);
  }
}

Task<Result<ddb::Item>> UserTable::update(std::string key, ddb::Item set, std::vector<std::string> removed) {
  ddb::UpdateItemInput input;
  input.table = name_;
  input.key = {{key_name(), ddb::AttributeValue(key)}};
  input.condition = "attribute_exists(#key)";
  input.names["#key"] = key_name();
  input.return_values = ddb::ReturnValues::all_old;
  std::string clause;
  for (auto& [name, value] : set) {
    std::string number = std::to_string(input.values.size());
    clause += (clause.empty() ? "SET #s" : ", #s") + number + " = :s" + number;
    input.names["#s" + number] = name;
    input.values[":s" + number] = std::move(value);
  }
  input.update = clause;
  for (std::size_t i = 0; i < removed.size(); ++i) {
    input.update += fmt::format("{} #r{}", i > 0 ? "," : input.update.empty() ? "REMOVE" : " REMOVE", i);
    input.names[fmt::format("#r{}", i)] = removed[i];
  }
  auto output = co_await client_.update_item(std::move(input));
  if (!output && output.error().code == "ConditionalCheckFailedException")
    co_return fail(ErrorKind::not_found, "NoUser", fmt::format("no user '{}' in {}", key, name_));
  if (!output) co_return fail(output.error());
  co_return std::move(output->attributes).value_or(ddb::Item{});
}

Task<Result<std::optional<ddb::Item>>> UserTable::remove(std::string key) {
  ddb::DeleteItemInput input;
  input.table = name_;
  input.key = {{key_name(), ddb::AttributeValue(std::move(key))}};
  input.return_values = ddb::ReturnValues::all_old;
  auto output = co_await client_.delete_item(std::move(input));
  if (!output) co_return fail(output.error());
  if (output->attributes && output->attributes->empty()) output->attributes.reset();
  co_return std::move(output->attributes);
}

Task<Result<UserTable::Page>> UserTable::scan(Attributes attributes, ddb::Item start, std::optional<int> limit) {
  ddb::ScanInput input;
  input.table = name_;
  input.start_key = std::move(start);
  input.limit = limit;
  input.consistency = ddb::Consistency::strong;
  if (attributes == Attributes::key_only) {
    input.projection = "#key";
    input.names["#key"] = key_name();
  }
  auto output = co_await client_.scan(std::move(input));
  if (!output) co_return fail(output.error());
  co_return Page{std::move(output->items), std::move(output->last_evaluated_key).value_or(ddb::Item{})};
}

std::string key_of(const ddb::Item& item) {
  return std::string(ddb::get_string(item, batch::kUserKey).value_or(""));
}

std::string status_of(const ddb::Item& item) {
  return function::user_from_item(item).status;
}

std::string json_of(const ddb::Item& item) {
  return ddb::natural_json(ddb::AttributeValue(item));
}

}  // namespace ads::cli
