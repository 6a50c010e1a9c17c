// Lambda's client over the rest-json protocol: one coroutine per operation.
#pragma once
#include <chrono>
#include <string>

#include "aws/connection.h"
#include "aws/lambda/lambda.h"

namespace ads::aws::lambda {

// Errors are the wire's: not_found / "ResourceNotFoundException", conflict / "ResourceConflictException",
// throttled / "TooManyRequestsException", ...
class Client {
 public:
  explicit Client(Connection& connection) : connection_(connection) {}

  // A request_response call waits for the function: up to `timeout`, and is sent once only.
  Task<Result<InvokeOutput>> invoke(InvokeInput input, std::chrono::seconds timeout = std::chrono::seconds(910)) const;
  Task<Result<GetFunctionOutput>> get_function(std::string function) const;
  Task<Result<FunctionConfiguration>> get_function_configuration(std::string function) const;
  Task<Result<FunctionConfiguration>> update_function_code(UpdateFunctionCodeInput input) const;
  Task<Result<AccountSettings>> get_account_settings() const;
  Task<Result<ListEventSourceMappingsOutput>> list_event_source_mappings(ListEventSourceMappingsInput input) const;

 private:
  Connection& connection_;
};

}  // namespace ads::aws::lambda
