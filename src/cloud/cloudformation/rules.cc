// The Rules section: assertions over parameters, checked before anything is made.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
#include "cloud/cloudformation/errors.h"
#include "cloud/cloudformation/resolver.h"

namespace ads::cloud::cloudformation {
namespace {

std::unexpected<WireError> wrong(std::string_view message) {
  return refuse(format_error(message));
}

}  // namespace

Outcome<void> Resolver::check_rules() const {
  for (const auto& [rule_name, rule] : template_.rules) {
    const std::string_view name = rule_name;
    const auto* members = rule.if_object();
    const auto* assertions = members != nullptr ? get_array(*members, "Assertions") : nullptr;
    if (assertions == nullptr) return wrong(fmt::format("Rule {} must contain a list of Assertions.", name));
    if (const auto* condition = members->if_contains("RuleCondition")) {
      auto applies = asserts(*condition);
      if (!applies) return refuse(applies.error());
      if (!*applies) continue;
    }
    for (const auto& entry : *assertions) {
      const auto* assertion = entry.if_object();
      const auto* assert_value = assertion != nullptr ? assertion->if_contains("Assert") : nullptr;
      if (assert_value == nullptr) return wrong(fmt::format("Rule {}: every assertion needs an Assert.", name));
      auto holds = asserts(*assert_value);
      if (!holds) return refuse(holds.error());
      if (*holds) continue;
      const auto why = get_string(*assertion, "AssertDescription").value_or("an assertion does not hold");
      return refuse(validation(fmt::format("Template validation error: Rule {} failed: {}", name, why)));
    }
  }
  return {};
}

Outcome<bool> Resolver::asserts(const json::value& value) const {
  const auto* object = value.if_object();
  if (object == nullptr || object->size() != 1) return wrong("a rule is made of one rule function.");
  const std::string_view function = object->begin()->key();
  const auto* arguments = object->begin()->value().if_array();
  const auto count = arguments != nullptr ? arguments->size() : 0;
  if (function == "Fn::And" || function == "Fn::Or") {
    if (count < 2 || count > 10) return wrong(fmt::format("{} requires a list of 2 to 10 conditions.", function));
    const bool wanted = function == "Fn::Or";
    bool found = false;
    for (const auto& argument : *arguments) {
      auto part = asserts(argument);
      if (!part) return part;
      found |= *part == wanted;
    }
    return found ? wanted : !wanted;
  }
  if (function == "Fn::Not") {
    if (count != 1) return wrong("Fn::Not requires a list argument with one condition.");
    auto part = asserts(arguments->front());
    if (part) *part = !*part;
    return part;
  }
  const bool is_set_function =
      function == "Fn::Contains" || function == "Fn::EachMemberEquals" || function == "Fn::EachMemberIn";
  if (function != "Fn::Equals" && !is_set_function) {
    return refuse(
        validation(fmt::format("{} in the Rules section is not implemented by the local cloud: Fn::And, Fn::Contains, "
                               "Fn::EachMemberEquals, Fn::EachMemberIn, Fn::Equals, Fn::Not and Fn::Or are.",
                               function)));
  }
  if (count != 2) return wrong(fmt::format("{} requires a list of 2 parameters.", function));
  auto left = members_of((*arguments)[0]), right = members_of((*arguments)[1]);
  if (!left) return refuse(left.error());
  if (!right) return refuse(right.error());
  if (function == "Fn::Equals") return *left == *right;
  // {"Fn::Contains": [["a", "b"], "a"]}; the others ask the same of each member.
  const auto& set = function == "Fn::EachMemberIn" ? *right : *left;
  const auto& asked = function == "Fn::EachMemberIn" ? *left : *right;
  const auto is_in = [](const std::vector<std::string>& all, const std::string& one) {
    return std::ranges::find(all, one) != all.end();
  };
  if (function == "Fn::EachMemberEquals") {
    return asked.size() == 1 && std::ranges::all_of(set, [&](const auto& member) { return member == asked.front(); });
  }
  return std::ranges::all_of(asked, [&](const auto& member) { return is_in(set, member); });
}

// A list of texts; a single value is a list of one.
Outcome<std::vector<std::string>> Resolver::members_of(const json::value& value) const {
  auto resolved = resolve(value);
  if (!resolved) return refuse(resolved.error());
  std::vector<std::string> out;
  if (!*resolved) return out;
  if (const auto* array = (*resolved)->if_array()) {
    for (const auto& element : *array) out.push_back(as_text(element));
  } else {
    out.push_back(as_text(**resolved));
  }
  return out;
}

}  // namespace ads::cloud::cloudformation
