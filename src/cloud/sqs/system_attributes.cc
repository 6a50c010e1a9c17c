#include "cloud/sqs/system_attributes.h"

namespace ads::cloud::sqs {

std::string sequence_number(std::uint64_t sequence) {
  constexpr std::uint64_t kFirst = 10'000'000'000'000'000'000u;  // twenty digits, so that text order is number order
  return std::to_string(kFirst + sequence);
}

std::map<std::string, std::string> system_attributes(const Received& received) {
  const Message& message = received.message;
  std::map<std::string, std::string> attributes{
      {"SenderId", message.sender},
      {"SentTimestamp", std::to_string(message.sent)},
      {"ApproximateReceiveCount", std::to_string(received.waiting.receives)},
      {"ApproximateFirstReceiveTimestamp", std::to_string(received.waiting.first_receive)},
  };
  if (!message.group.empty()) attributes["MessageGroupId"] = message.group;
  if (!message.deduplication_id.empty()) {
    attributes["MessageDeduplicationId"] = message.deduplication_id;
    attributes["SequenceNumber"] = sequence_number(received.sequence);
  }
  if (!message.trace_header.empty()) attributes["AWSTraceHeader"] = message.trace_header;
  if (!message.dead_letter_source.empty()) attributes["DeadLetterQueueSourceArn"] = message.dead_letter_source;
  return attributes;
}

}  // namespace ads::cloud::sqs
