// Reading an operation's input, in the JSON model's shape. The Query protocol's numbers arrive as text; both are taken.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/ports.h"
#include "cloud/sqs/settings.h"

namespace ads::cloud::sqs {

// The member's text; empty where it is absent.
std::string text_of(const json::object& input, std::string_view name);
// Errors: MissingParameter.
Outcome<std::string> required_text(const json::object& input, std::string_view name);
// Errors: InvalidParameterValue for what is no whole number, or outside least..most.
Outcome<std::optional<std::int64_t>> whole_in(const json::object& input, std::string_view name, std::int64_t least,
                                              std::int64_t most);
// The texts of a list; a single text counts as a list of one.
std::vector<std::string> texts_of(const json::object& input, std::string_view name);
// {"name": "value"}; numbers and booleans are taken as their text.
std::map<std::string, std::string, std::less<>> map_of(const json::object& input, std::string_view name);
// {"name": {"DataType": .., "StringValue": .. | "BinaryValue": base64}}. Errors: InvalidParameterValue.
Outcome<MessageAttributes> message_attributes_of(const json::object& input, std::string_view name);
// The reverse.
json::object to_json(const MessageAttributes& attributes);

}  // namespace ads::cloud::sqs
