// Reading what AWS's model says too little of: SQS's ranges, and message attributes.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/operations/input.h"
#include "cloud/ports.h"
#include "cloud/sqs/settings.h"

namespace ads::cloud::sqs {

using operations::text;
using operations::text_map;
using operations::texts;

// Nothing where the member is absent. Errors: InvalidParameterValue, outside least..most.
Outcome<std::optional<std::int64_t>> whole_in(const json::object& input, std::string_view name, std::int64_t least,
                                              std::int64_t most);
// {"name": {"DataType": .., "StringValue": .. | "BinaryValue": base64}}. Errors: InvalidParameterValue.
Outcome<MessageAttributes> message_attributes_of(const json::object& input, std::string_view name);
// The reverse.
json::object to_json(const MessageAttributes& attributes);

}  // namespace ads::cloud::sqs
