// Checks a request's members against AWS's model, and words what is wrong as AWS does.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"
#include "cloud/operations/model.h"
#include "cloud/wire_error.h"

namespace ads::cloud::operations {

// "Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+"
struct Violation {
  enum class Kind { missing, range, length, pattern, choice };
  Kind kind;
  std::string member;      // "logEvents.1.member.timestamp"
  std::string value;       // "'a b'"; "null" where it is missing; empty where it is not to be shown
  std::string constraint;  // "Member must not be null"
};
using Violations = std::vector<Violation>;

// Everything that is wrong with the members of a structure, in the model's order; ten at most. Members that the model
// does not know are ignored, as AWS ignores them. Errors: SerializationException, for a value of another type.
Outcome<Violations> check(const json::object& input, const Shape& structure);

// "2 validation errors detected: Value .. at .. failed to satisfy constraint: ..; Value ..". `violations` is not empty.
std::string describe(const Violations& violations);

}  // namespace ads::cloud::operations
