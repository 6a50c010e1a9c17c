// DynamoDB's awsJson1.0: inputs as JSON, answers as outputs.
#pragma once
#include "aws/dynamodb/dynamodb.h"
#include "base/json.h"
#include "base/result.h"

namespace ads::aws::dynamodb {

json::object encode(const GetItemInput& input);
json::object encode(const PutItemInput& input);
json::object encode(const UpdateItemInput& input);
json::object encode(const DeleteItemInput& input);
json::object encode(const BatchGetItemInput& input);
json::object encode(const BatchWriteItemInput& input);
json::object encode(const QueryInput& input);
json::object encode(const ScanInput& input);
json::object encode(const TransactWriteItemsInput& input);

// Errors of all: corrupt / "MalformedAnswer".
Result<GetItemOutput> decode_get_item(const json::object& body);
Result<WriteOutput> decode_write(const json::object& body);
Result<BatchGetItemOutput> decode_batch_get_item(const json::object& body);
Result<BatchWriteItemOutput> decode_batch_write_item(const json::object& body);
Result<PageOutput> decode_page(const json::object& body);
Result<DescribeTableOutput> decode_describe_table(const json::object& body);

}  // namespace ads::aws::dynamodb
