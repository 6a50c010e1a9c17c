// SQS's awsJson1.0: inputs as JSON, answers as outputs.
#pragma once
#include "aws/sqs/sqs.h"
#include "base/json.h"
#include "base/result.h"

namespace ads::aws::sqs {

json::object encode(const SendMessageInput& input);
json::object encode_send_batch(const std::string& queue_url, const std::vector<SendEntry>& entries);
json::object encode(const ReceiveMessageInput& input);
json::object encode_delete_batch(const std::string& queue_url, const std::vector<DeleteEntry>& entries);
json::object encode_visibility_batch(const std::string& queue_url, const std::vector<VisibilityEntry>& entries);
json::object encode(const StartMessageMoveTaskInput& input);

// Errors of all: corrupt / "MalformedAnswer", and "WrongMd5" where a body did not arrive, or come, as it was.
Result<SendMessageOutput> decode_send(const json::object& body, const SendMessageInput& sent);
Result<SendMessageBatchOutput> decode_send_batch(const json::object& body, const std::vector<SendEntry>& sent);
Result<std::vector<Message>> decode_receive(const json::object& body);
Result<BatchOutput> decode_batch(const json::object& body);
Attributes decode_attributes(const json::object& body);

}  // namespace ads::aws::sqs
