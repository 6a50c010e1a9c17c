// SQS's operations as this project calls them: requests and answers
// (docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference).
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ads::aws::sqs {

using Text = std::optional<std::string>;
using Attributes = std::map<std::string, std::string>;

// A message attribute as sent: {"DataType": "Number", "StringValue": "200"}. Binary values are raw bytes here.
struct MessageAttribute {
  std::string data_type;  // "String" | "Number" | "Binary", with an optional ".label"
  std::string value;
  bool operator==(const MessageAttribute&) const = default;
};
using MessageAttributes = std::map<std::string, MessageAttribute>;

struct SendMessageInput {
  std::string queue_url, body;
  MessageAttributes attributes;
  std::optional<std::chrono::seconds> delay;
  Text group_id, deduplication_id;
};
struct SendMessageOutput {
  std::string message_id, md5_of_body;
  Text sequence_number;
};

struct SendEntry {
  std::string id;  // 80 letters, digits, '-', '_'; no two alike in a batch
  std::string body;
  MessageAttributes attributes;
  std::optional<std::chrono::seconds> delay;
  Text group_id, deduplication_id;
};
struct SentEntry {
  std::string id, message_id, md5_of_body;
  Text sequence_number;
};
enum class Fault { sender, service };
struct FailedEntry {
  std::string id, code, message;
  Fault fault = Fault::service;  // sender: sending it again unchanged is of no use
};
// A batch answers 200 even where every entry failed: read `failed`.
struct SendMessageBatchOutput {
  std::vector<SentEntry> successful;
  std::vector<FailedEntry> failed;
};
struct BatchOutput {
  std::vector<std::string> successful;  // ids
  std::vector<FailedEntry> failed;
};

struct ReceiveMessageInput {
  std::string queue_url;
  int max_messages = 1;          // 1-10
  std::chrono::seconds wait{0};  // 0-20
  std::optional<std::chrono::seconds> visibility;
  std::vector<std::string> attribute_names;          // "All", "ApproximateReceiveCount", "MessageGroupId", ...
  std::vector<std::string> message_attribute_names;  // "All", ...
};
struct Message {
  std::string message_id, receipt_handle, body, md5_of_body;
  Attributes attributes;  // "ApproximateReceiveCount" -> "1"
  MessageAttributes message_attributes;
};

struct DeleteEntry {
  std::string id, receipt_handle;
};
struct VisibilityEntry {
  std::string id, receipt_handle;
  std::chrono::seconds visibility{0};
};

struct StartMessageMoveTaskInput {
  std::string source_arn;
  Text destination_arn;  // nothing: back to where the messages came from
  std::optional<int> max_per_second;
};
// One of the last moves out of a dead-letter queue.
struct MessageMoveTask {
  std::string status;  // RUNNING, COMPLETED, CANCELLING, CANCELLED, FAILED
  std::string failure_reason;
  std::int64_t moved = 0, to_move = 0;  // approximate
};

}  // namespace ads::aws::sqs
