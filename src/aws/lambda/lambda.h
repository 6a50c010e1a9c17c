// Lambda's operations as this project calls them: requests and answers (docs.aws.amazon.com/lambda/latest/api).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ads::aws::lambda {

using Text = std::optional<std::string>;

enum class InvocationType { request_response, event, dry_run };
enum class LogType { none, tail };
struct InvokeInput {
  std::string function;  // name or ARN
  std::string payload;   // JSON
  InvocationType type = InvocationType::request_response;
  LogType log = LogType::none;
  Text qualifier;
};
struct InvokeOutput {
  int status = 200;     // 200, 202 for events, 204 for a dry run
  std::string payload;  // the function's answer, or its error as JSON
  Text function_error;  // "Handled" | "Unhandled": the function failed although the call succeeded
  std::string log;      // the last 4 KiB, decoded, where asked for
  std::string executed_version;
};

struct FunctionConfiguration {
  std::string name, arn, role, handler, runtime, state, last_update_status, code_sha256, version, last_modified;
  std::string state_reason, last_update_status_reason;
  int memory_mb = 0;
  int timeout_seconds = 0;
  std::vector<std::string> architectures;
  std::map<std::string, std::string> environment;
};
struct GetFunctionOutput {
  FunctionConfiguration configuration;
  std::string code_location;  // a presigned URL
};

// Either the zip's bytes, or where it is in S3.
struct UpdateFunctionCodeInput {
  std::string function;
  std::string zip;
  Text s3_bucket, s3_key, s3_object_version;
  std::vector<std::string> architectures;
};

struct AccountSettings {
  int concurrent_executions = 0;             // the region's limit for all functions of the account
  int unreserved_concurrent_executions = 0;  // what no function has reserved
};

struct ListEventSourceMappingsInput {
  Text function, event_source_arn, marker;
};
struct EventSourceMapping {
  std::string uuid, event_source_arn, function_arn, state;
  int batch_size = 0;
};
struct ListEventSourceMappingsOutput {
  std::vector<EventSourceMapping> mappings;
  Text next_marker;
};

}  // namespace ads::aws::lambda
