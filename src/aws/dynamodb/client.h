// DynamoDB's client: one coroutine per operation.
#pragma once
#include <string>

#include "aws/connection.h"
#include "aws/dynamodb/dynamodb.h"

namespace ads::aws::dynamodb {

// Errors are the wire's: conflict / "ConditionalCheckFailedException", "TransactionCanceledException" (its message
// names the reason of each item in order); not_found / "ResourceNotFoundException"; throttled /
// "ProvisionedThroughputExceededException", "ThrottlingException", "TransactionInProgressException", and a transaction
// that only met another one ("TransactionCanceledException" with TransactionConflict); invalid / "ValidationException".
class Client {
 public:
  explicit Client(Connection& connection) : connection_(connection) {}

  Task<Result<GetItemOutput>> get_item(GetItemInput input) const;
  Task<Result<WriteOutput>> put_item(PutItemInput input) const;
  Task<Result<WriteOutput>> update_item(UpdateItemInput input) const;
  Task<Result<WriteOutput>> delete_item(DeleteItemInput input) const;
  Task<Result<BatchGetItemOutput>> batch_get_item(BatchGetItemInput input) const;
  Task<Result<BatchWriteItemOutput>> batch_write_item(BatchWriteItemInput input) const;
  Task<Result<PageOutput>> query(QueryInput input) const;
  Task<Result<PageOutput>> scan(ScanInput input) const;
  Task<Result<void>> transact_write_items(TransactWriteItemsInput input) const;
  Task<Result<DescribeTableOutput>> describe_table(std::string table) const;

 private:
  Task<Result<json::object>> call(std::string_view operation, json::object input) const;
  Connection& connection_;
};

}  // namespace ads::aws::dynamodb
