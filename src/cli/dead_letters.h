// The messages of the stack's dead-letter queues, for the operator's commands: read without removing any.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/sqs/client.h"
#include "base/clock.h"
#include "cli/session.h"

namespace ads::cli {

enum class DeadQueue {
  retry,   // records that kept failing
  shards,  // messages of shards that kept failing; the sweep takes them
  events,  // S3 events that the dispatch function could not answer
};
std::string_view name_of(DeadQueue queue);           // "retry", "shards", "events"
std::string_view output_name(DeadQueue queue);       // of the stack's output that has its URL
std::string_view home_output_name(DeadQueue queue);  // of the queue that it is the dead-letter queue of; empty: of none

// A message, and what its body says. What a body does not have is empty.
struct DeadMessage {
  std::string message_id, receipt_handle, body;
  aws::sqs::Attributes attributes;  // SQS's: "SentTimestamp", "MessageGroupId", ...
  aws::sqs::MessageAttributes message_attributes;
  int receives = 0;
  SystemTime sent{};
  std::string user, record_id, run_id, batch;
  std::optional<std::uint32_t> shard;
  std::string error;    // of an event: what the function answered
  std::string problem;  // why the body is not one that ADS wrote
};

// Errors: none; see `problem`. `message` with its attributes "All".
DeadMessage read_dead_message(DeadQueue queue, aws::sqs::Message message);
// {"messageId","user","record","run","batch","shard","receives","sent","ageSeconds","error","problem"}, what is empty
// left out.
json::object dead_message_json(const DeadMessage& dead, SystemTime now);
// One line for people.
std::string dead_message_line(DeadQueue queue, const DeadMessage& dead, SystemTime now);
// "90 s", "12 min", "3 h", "2 d".
std::string age_text(std::chrono::seconds age);

// The payload that the event's function is to be invoked with again: the S3 event. Errors: corrupt / "NotAFailedEvent".
Result<std::string> payload_of_failed_event(std::string_view body);

// Messages that were received, and are given back unless they are deleted: each shows again at once after give_back(),
// and by itself a minute after it was received. Of a FIFO queue SQS hands out a user's further messages only after the
// first ones were given back.
class HeldMessages {
 public:
  HeldMessages(aws::Connection& connection, DeadQueue queue, std::string queue_url)
      : sqs_(connection), queue_(queue), url_(std::move(queue_url)) {}

  // Receives up to ten more. False: none was to be had.
  Task<Result<bool>> receive();
  const std::vector<DeadMessage>& messages() const { return messages_; }
  Task<Result<void>> remove(std::size_t index);
  Task<Result<void>> give_back();

 private:
  aws::sqs::Client sqs_;
  DeadQueue queue_;
  std::string url_;
  std::vector<DeadMessage> messages_;
  std::vector<bool> is_removed_;
};

}  // namespace ads::cli
