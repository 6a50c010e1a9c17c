// One condition of a filter policy: "text", 3.5, null, {"prefix": ..}, {"numeric": ..}, {"anything-but": ..}, ...
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "cloud/wire_error.h"

namespace ads::cloud::sns {

struct Condition {
  enum class Kind { exact, prefix, suffix, equals_ignore_case, wildcard, cidr, numeric, exists, anything_but };
  Kind kind = Kind::exact;
  json::value exact;           // string, number, true, false, null
  std::string text;            // prefix, suffix, equals_ignore_case (lower case), wildcard, cidr
  bool wants_existing = true;  // exists
  struct Bound {
    enum class Op { equal, less, less_equal, greater, greater_equal };
    Op op = Op::equal;
    double value = 0;
  };
  std::vector<Bound> bounds;      // numeric: all must hold
  std::vector<Condition> except;  // anything_but: none may hold
};

// Errors: InvalidParameter "FilterPolicy: ...".
Outcome<Condition> parse_condition(const json::value& value);

// Whether one value of a message satisfies it; exists is decided by the caller.
bool holds(const Condition& condition, const json::value& value);

// `*` stands for any run of characters, `\*` for itself.
bool matches_wildcard(std::string_view pattern, std::string_view text);
bool is_in_cidr(std::string_view cidr, std::string_view address);

}  // namespace ads::cloud::sns
