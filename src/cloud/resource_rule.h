// The column of an operation table that says which resource permission is asked for: what kind of thing the operation
// acts on, and the one member of the request that names it. Any other member, however it is called, never moves the
// decision. There is no default: a row without a rule does not compile.
#pragma once
#include <string_view>

namespace ads::cloud {

template <class Kind>
class ResourceRule {
 public:
  consteval ResourceRule(Kind kind, std::string_view member = {}) : kind_(kind), member_(member) {}
  constexpr Kind kind() const { return kind_; }
  constexpr std::string_view member() const { return member_; }

 private:
  Kind kind_;
  std::string_view member_;
};

// What is asked for where a request does not name its resource: only a policy for everything lets that pass, and the
// action then refuses it in the words of validation.
inline constexpr std::string_view kEveryResource = "*";

}  // namespace ads::cloud
