// KeyConditionExpression: one partition, and at most one condition on the sort key.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cloud/dynamodb/expression/condition.h"

namespace ads::cloud::dynamodb {

struct KeyCondition {
  std::string attribute;
  Condition::Operator op = Condition::equal;  // equal, less.., between, begins_with
  std::vector<const Value*> values;           // the scope's; two for between
};

// One or two conditions on different attributes. Errors: ValidationException for what a key condition cannot say.
Outcome<std::vector<KeyCondition>> parse_key_conditions(std::string_view expression, Scope& scope);

}  // namespace ads::cloud::dynamodb
