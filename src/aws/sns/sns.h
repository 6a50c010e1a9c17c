// SNS's operations as this project calls them: requests and answers (docs.aws.amazon.com/sns/latest/api).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ads::aws::sns {

using Text = std::optional<std::string>;

// {"DataType": "Number", "StringValue": "200"}. Binary values are raw bytes here.
struct MessageAttribute {
  std::string data_type;  // "String" | "Number" | "Binary" | "String.Array"
  std::string value;
  bool operator==(const MessageAttribute&) const = default;
};
using MessageAttributes = std::map<std::string, MessageAttribute>;

struct PublishInput {
  std::string topic_arn, message;
  Text subject;
  MessageAttributes attributes;
  Text group_id, deduplication_id;  // FIFO topics
};
struct PublishOutput {
  std::string message_id;
  Text sequence_number;
};

struct PublishEntry {
  std::string id;  // 80 letters, digits, '-', '_'; no two alike in a batch
  std::string message;
  Text subject;
  MessageAttributes attributes;
  Text group_id, deduplication_id;
};
struct PublishedEntry {
  std::string id, message_id;
  Text sequence_number;
};
enum class Fault { sender, service };
struct FailedEntry {
  std::string id, code, message;
  Fault fault = Fault::service;  // sender: publishing it again unchanged is of no use
};
// A batch answers 200 even where every entry failed: read `failed`.
struct PublishBatchOutput {
  std::vector<PublishedEntry> successful;
  std::vector<FailedEntry> failed;
};

struct SubscribeInput {
  std::string topic_arn, protocol, endpoint;      // "sqs", the queue's ARN
  std::map<std::string, std::string> attributes;  // "RawMessageDelivery" -> "true", "FilterPolicy", ...
};
struct Subscription {
  std::string arn, protocol, endpoint, topic_arn, owner;
};
struct ListSubscriptionsOutput {
  std::vector<Subscription> subscriptions;
  Text next_token;  // nothing: this was the last page
};

}  // namespace ads::aws::sns
