// What Lambda hands the function: S3's events, SQS's batches, and the answer about the messages that failed.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "batch/record.h"

namespace ads::batch {

struct ObjectEvent {
  ObjectIdentity object;   // key decoded: S3 form-encodes it
  std::string event_name;  // "ObjectCreated:Put"
  std::string event_time;  // ISO 8601, as sent
  std::string sequencer;   // orders the events of one key
  std::string region;
};

// The records of an S3 event notification. S3's "s3:TestEvent" has none and is no error; events other than
// ObjectCreated are left out. Errors: invalid / "NotAnS3Event".
Result<std::vector<ObjectEvent>> parse_object_events(const json::object& event);

// A record's key as S3 encodes it in events: "a+b%2Bc" is "a b+c".
std::string decode_event_key(std::string_view key);

struct QueueMessage {
  std::string message_id;
  std::string receipt_handle;
  std::string body;
  std::string group_id;  // FIFO only
  std::string source_arn;
  int receive_count = 1;
  std::map<std::string, std::string> attributes;  // message attributes of type String and Number, by name
};

// The messages of an SQS event, in their order. Errors: invalid / "NotAnSqsEvent".
Result<std::vector<QueueMessage>> parse_queue_event(const json::object& event);

// {"batchItemFailures":[{"itemIdentifier":"..."}]}: these come back, the others are deleted. Empty: all succeeded.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
std::string partial_batch_response(const std::vector<std::string>& failed_message_ids);

// FIFO: when a message fails, the later ones of its group in the same batch have to fail too, so that order holds.
// Gives the ids to report for the messages at the positions `failed`.
std::vector<std::string> failures_in_order(const std::vector<QueueMessage>& messages,
                                           const std::vector<std::size_t>& failed);

}  // namespace ads::batch
