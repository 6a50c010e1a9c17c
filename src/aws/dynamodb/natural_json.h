// A value of DynamoDB as the JSON that a person would write: no type letters.
#pragma once
#include <string>

#include "aws/dynamodb/attribute_value.h"

namespace ads::aws::dynamodb {

// Text as a string, N as a number with all its digits, BOOL, NULL, M as an object, L and the sets as arrays, binaries
// as base64. Well-formed JSON, whatever the value.
std::string natural_json(const AttributeValue& value);

// The other way: numbers as N, arrays as L, objects as M, null as NULL. Errors: invalid / "NotStorable" for a number
// that DynamoDB cannot hold (38 digits, 1E-130 to 9.9E125) and what is nested deeper than 32 levels.
Result<AttributeValue> from_natural_json(const json::value& value);

}  // namespace ads::aws::dynamodb
