// The conditions of a policy's statement: operators, what they compare, and whether a request's keys hold against them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "cloud/access_pattern.h"

namespace ads::cloud::access {

// One operator and one key: {"StringEquals": {"aws:SourceArn": ["a", "b"]}}.
struct Condition {
  enum class Compares { text, text_without_case, text_pattern, arn, number, date, truth, bytes, address, absence };
  enum class Relation { equal, less, less_or_equal, greater, greater_or_equal };
  enum class Sense { positive, negated };              // Not...
  enum class Absent { fails, passes };                 // ...IfExists
  enum class Quantifier { single, for_all, for_any };  // ForAllValues: / ForAnyValue:

  Compares compares = Compares::text;
  Relation relation = Relation::equal;
  Sense sense = Sense::positive;
  Absent absent = Absent::fails;
  Quantifier quantifier = Quantifier::single;
  std::string key;  // lower case: condition keys ignore case
  Patterns values;
};

// "ForAnyValue:StringNotLikeIfExists" with neither key nor values yet; nothing for an operator that AWS does not know.
std::optional<Condition> parse_operator(std::string_view name);

// Whether the request meets it: one of its values with one of the policy's, or for a negated operator, with none.
bool holds(const Condition& condition, const Facts& facts);

}  // namespace ads::cloud::access
