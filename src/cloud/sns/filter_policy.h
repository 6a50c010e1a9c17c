// A subscription's filter policy: read once, then asked of every message.
// https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
//   {"status": [200, {"numeric": [">=", 400]}], "kind": [{"anything-but": {"prefix": "test-"}}],
//    "$or": [{"a": ["x"]}, {"b": [{"exists": false}]}]}
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/ports.h"
#include "cloud/wire_error.h"

namespace ads::cloud::sns {

enum class FilterScope { attributes, body };

class FilterPolicy {
 public:
  // Errors: InvalidParameter "FilterPolicy: ...", for syntax, more than 5 keys, more than 150 combinations, 256 KB.
  static Outcome<FilterPolicy> parse(std::string_view text, FilterScope scope);

  // `body` is looked at where the scope is body; a body that is no JSON object matches nothing.
  bool matches(const MessageAttributes& attributes, std::string_view body) const;

  struct Node;

 private:
  std::shared_ptr<const Node> root_;
  FilterScope scope_ = FilterScope::attributes;
};

}  // namespace ads::cloud::sns
