// Event filter patterns, as event source mappings have them: {"body": {"status": [{"numeric": [">=", 500]}]}}.
#pragma once
#include <string_view>
#include <vector>

#include "base/json.h"
#include "cloud/wire_error.h"

namespace ads::cloud::lambda {

// Checks a pattern before it is stored. Errors: InvalidParameterValueException naming an operator that does not exist.
Outcome<json::object> parse_event_pattern(std::string_view text);

// Whether the event has every member that the pattern names, each with one of its values. An array in the event matches
// where one of its elements does. Operators: prefix, suffix, anything-but, numeric, exists, equals-ignore-case, $or.
// Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
bool matches(const json::object& pattern, const json::object& event);

// An SQS record against a mapping's filters: any of them is enough, none at all lets everything through. The body is
// compared as JSON where both are JSON, as text where both are text, and never matches otherwise.
bool passes(const std::vector<json::object>& filters, const json::object& record);

}  // namespace ads::cloud::lambda
