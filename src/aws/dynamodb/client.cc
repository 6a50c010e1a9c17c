#include "aws/dynamodb/client.h"

#include "aws/dynamodb/codec.h"
#include "aws/services.h"
#include "base/ids.h"

namespace ads::aws::dynamodb {

Task<Result<json::object>> Client::call(std::string_view operation, json::object input) const {
  co_return co_await connection_.call_json({kDynamoDb, operation, Protocol::json, std::chrono::seconds(10)},
                                           "DynamoDB_20120810", "1.0", std::move(input));
}

Task<Result<GetItemOutput>> Client::get_item(GetItemInput input) const {
  auto body = co_await call("GetItem", encode(input));
  if (!body) co_return fail(body.error());
  co_return decode_get_item(*body);
}

Task<Result<WriteOutput>> Client::put_item(PutItemInput input) const {
  auto body = co_await call("PutItem", encode(input));
  if (!body) co_return fail(body.error());
  co_return decode_write(*body);
}

Task<Result<WriteOutput>> Client::update_item(UpdateItemInput input) const {
  auto body = co_await call("UpdateItem", encode(input));
  if (!body) co_return fail(body.error());
  co_return decode_write(*body);
}

Task<Result<WriteOutput>> Client::delete_item(DeleteItemInput input) const {
  auto body = co_await call("DeleteItem", encode(input));
  if (!body) co_return fail(body.error());
  co_return decode_write(*body);
}

Task<Result<BatchGetItemOutput>> Client::batch_get_item(BatchGetItemInput input) const {
  auto body = co_await call("BatchGetItem", encode(input));
  if (!body) co_return fail(body.error());
  co_return decode_batch_get_item(*body);
}

Task<Result<BatchWriteItemOutput>> Client::batch_write_item(BatchWriteItemInput input) const {
  auto body = co_await call("BatchWriteItem", encode(input));
  if (!body) co_return fail(body.error());
  co_return decode_batch_write_item(*body);
}

Task<Result<PageOutput>> Client::query(QueryInput input) const {
  auto body = co_await call("Query", encode(input));
  if (!body) co_return fail(body.error());
  co_return decode_page(*body);
}

Task<Result<PageOutput>> Client::scan(ScanInput input) const {
  auto body = co_await call("Scan", encode(input));
  if (!body) co_return fail(body.error());
  co_return decode_page(*body);
}

Task<Result<void>> Client::transact_write_items(TransactWriteItemsInput input) const {
  // A repeat by the connection must not fail on the conditions that its first attempt made false.
  if (!input.client_request_token) input.client_request_token = random_uuid();
  auto body = co_await call("TransactWriteItems", encode(input));
  if (!body) co_return fail(body.error());
  co_return Result<void>();
}

Task<Result<DescribeTableOutput>> Client::describe_table(std::string table) const {
  json::object input{{"TableName", table}};
  auto body = co_await call("DescribeTable", std::move(input));
  if (!body) co_return fail(body.error());
  co_return decode_describe_table(*body);
}

}  // namespace ads::aws::dynamodb
