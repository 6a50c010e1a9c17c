// A message as a client wants it published, and the rules it must satisfy.
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
#pragma once
#include "cloud/sns/notification.h"

namespace ads::cloud::sns {

inline constexpr std::size_t kLargestMessage = 262'144;

struct Draft {
  std::string message, subject, structure;
  bool has_subject = false;
  MessageAttributes attributes;
  std::string group_id, deduplication_id;
};

// Errors: InvalidParameter, ParameterValueInvalid.
Outcome<Publication> check(const Topic& topic, Draft draft);

// Message plus attributes, as both limits count it.
std::size_t size_of(const Draft& draft);

// {"name": {"DataType": .., "StringValue"|"BinaryValue": ..}}. Errors: ParameterValueInvalid.
Outcome<MessageAttributes> read_attributes(const json::object& input);

}  // namespace ads::cloud::sns
