// awsJson1.0 and 1.1 (DynamoDB, SQS of new clients, Logs): "X-Amz-Target: Prefix.Operation", JSON in, JSON out.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/call.h"
#include "cloud/wire_error.h"

namespace ads::cloud {

// One operation: its input in the model's JSON shape, its output likewise.
using Operation = std::function<Task<Outcome<json::object>>(Call&, json::object)>;
using Operations = std::map<std::string, Operation, std::less<>>;

struct JsonProtocol {
  std::string_view content_type;   // "application/x-amz-json-1.0"
  std::string_view target_prefix;  // "DynamoDB_20120810."
  std::string_view error_prefix;   // "com.amazonaws.dynamodb.v20120810#"
  std::size_t body_limit = 16u << 20;
};

// Reads the body, finds the operation, runs it, renders the answer or the refusal (UnknownOperationException,
// SerializationException, RequestEntityTooLarge).
Task<http::Reply> answer_json(Call& call, const JsonProtocol& protocol, const Operations& operations);

http::Reply json_reply(const Call& call, const json::value& body, std::string_view content_type, int status = 200);

}  // namespace ads::cloud
