// What a subscriber gets: the JSON envelope of SQS and the event of Lambda.
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
// The local cloud has no certificate of AWS to sign with: Signature and SigningCertURL are there and empty, so that a
// subscriber who verifies signatures is refused by its own check and nobody else notices.
#pragma once
#include <string>

#include "base/clock.h"
#include "cloud/sns/topic.h"

namespace ads::cloud::sns {

// A message that was accepted.
struct Publication {
  std::string message_id, topic_arn, subject;
  std::string message;                              // "default" where the message has a structure
  std::map<std::string, std::string> per_protocol;  // MessageStructure=json: "sqs", "lambda"
  MessageAttributes attributes;
  std::string group_id, deduplication_id, sequence_number;
  SystemTime time;

  const std::string& message_for(const std::string& protocol) const;
};

std::string envelope(const Publication& publication, const Subscription& subscription, std::string_view endpoint);
std::string lambda_event(const Publication& publication, const Subscription& subscription, std::string_view endpoint);

}  // namespace ads::cloud::sns
