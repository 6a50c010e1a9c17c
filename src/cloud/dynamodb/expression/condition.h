// ConditionExpression and FilterExpression: parsed once, asked of many items.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cloud/dynamodb/expression/path.h"
#include "cloud/dynamodb/expression/scope.h"

namespace ads::cloud::dynamodb {

struct Operand {
  enum Kind { path, value, size_of_path, size_of_value } kind = path;
  Path document_path;
  const Value* constant = nullptr;  // the scope's; the scope outlives the expression
};

struct Condition {
  enum Operator {
    all,  // AND
    any,  // OR
    negation,
    equal,
    not_equal,
    less,
    less_or_equal,
    greater,
    greater_or_equal,
    between,
    in,
    attribute_exists,
    attribute_not_exists,
    attribute_type,
    begins_with,
    contains,
    size,  // only while parsing: size() stands where a condition must
  } op = all;
  std::vector<Condition> conditions;  // of all, any, negation
  std::vector<Operand> operands;      // of everything else
};

// `parameter` is the request's member, for the error: "Invalid ConditionExpression: ...".
// Errors: ValidationException in AWS's words. Names and values used are marked in the scope.
Outcome<Condition> parse_condition(std::string_view parameter, std::string_view expression, Scope& scope);

// An absent item is an empty one.
bool holds(const Condition& condition, const Attributes& item);

// The first names of every path, and of those paths that go deeper: what must not be a key attribute.
struct PathHeads {
  std::vector<std::string> all, nested;
};
PathHeads heads_of(const Condition& condition);

}  // namespace ads::cloud::dynamodb
