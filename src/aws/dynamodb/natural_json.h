// A value of DynamoDB as the JSON that a person would write: no type letters.
#pragma once
#include <string>
#include <string_view>

#include "aws/dynamodb/attribute_value.h"

namespace ads::aws::dynamodb {

// Text as a string, N as a number with all its digits, BOOL, NULL, M as an object, L and the sets as arrays, binaries
// as base64. Well-formed JSON, whatever the value.
std::string natural_json(const AttributeValue& value);

// The other way: numbers as N with all their digits, arrays as L, objects as M, null as NULL. Errors: invalid /
// "NotStorable" for what is nested deeper than DynamoDB's 32 levels, "MalformedJson". Whether DynamoDB can hold its
// numbers is not looked at.
Result<AttributeValue> from_natural_json(std::string_view json);

}  // namespace ads::aws::dynamodb
