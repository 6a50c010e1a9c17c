// A message as it was sent, its stored form, and the rules for what may be sent.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cloud/ports.h"
#include "cloud/wire_error.h"

namespace ads::cloud::sqs {

// Milliseconds since the epoch: what the wire carries and the keys are made of.
using Millis = std::int64_t;

struct Message {
  std::string id;
  Millis sent = 0;
  std::string sender;  // SenderId: the caller's user id
  std::string body;
  std::string body_md5;  // 16 bytes
  MessageAttributes attributes;
  std::string trace_header;        // AWSTraceHeader
  std::string group;               // MessageGroupId
  std::string deduplication_id;    // FIFO
  std::string dead_letter_source;  // ARN of the queue it was moved from
};

std::string encode(const Message& message);
std::optional<Message> decode_message(std::string_view stored);

// MD5OfMessageAttributes: sorted by name, each field with its length before it.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
std::string md5_of_attributes(const MessageAttributes& attributes);  // lower-case hex

// Body plus attribute names, types and values: what counts against the 1 MiB.
std::size_t size_of(std::string_view body, const MessageAttributes& attributes);

// #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF
bool is_allowed_text(std::string_view text);

// Names, types and values of attributes. Errors: InvalidParameterValue.
Outcome<void> check_attributes(const MessageAttributes& attributes);

// Group and deduplication ids: 1 to 128 of letters, digits and ASCII punctuation.
bool is_fifo_id(std::string_view text);

}  // namespace ads::cloud::sqs
