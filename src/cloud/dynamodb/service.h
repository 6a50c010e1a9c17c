// The local cloud's DynamoDB.
#pragma once
#include <memory>
#include <string>

#include "base/json.h"
#include "cloud/call.h"
#include "cloud/environment.h"

namespace ads::cloud::dynamodb {

class DynamoDb : public Service {
 public:
  // Reads the tables' definitions from the store.
  explicit DynamoDb(Environment& environment);
  ~DynamoDb() override;

  // awsJson1.0: X-Amz-Target DynamoDB_20120810.<Operation>; every reply carries x-amz-crc32.
  Task<http::Reply> answer(Call& call) override;
  Task<void> start() override;
  Task<void> stop() override;

  // Runs one operation as the region's account, and returns its reply's JSON once it is on disk.
  // Errors: the operation's, in AWS's words.
  Task<Outcome<std::string>> call(std::string region, std::string operation, json::object request);

  // One slice of expiry and index filling, for tests that turn the clock. False where nothing is due.
  Result<bool> work();

  // AWS::DynamoDB::Table. The types refer to this service.
  ResourceTypes resource_types();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ads::cloud::dynamodb
