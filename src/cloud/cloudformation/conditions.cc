// Conditions: Fn::Equals, And, Or, Not over parameters, mappings and each other.
#include "cloud/cloudformation/errors.h"
#include "cloud/cloudformation/resolver.h"

namespace ads::cloud::cloudformation {

Outcome<void> Resolver::decide_conditions() {
  for (const auto& [name, _] : template_.conditions) {
    std::vector<std::string> path;
    if (auto decided = decide_named(name, path); !decided) return refuse(decided.error());
  }
  return {};
}

Outcome<bool> Resolver::decide_named(const std::string& name, std::vector<std::string>& path) {
  if (const auto known = conditions_.find(name); known != conditions_.end()) return known->second;
  const auto* definition = template_.conditions.if_contains(name);
  if (definition == nullptr) {
    return refuse(format_error(
        fmt::format("Unresolved condition dependencies [{}] in the Conditions block of the template", name)));
  }
  if (std::ranges::find(path, name) != path.end()) {
    return refuse(format_error(fmt::format("Circular dependency between conditions: {}", name)));
  }
  path.push_back(name);
  auto decided = decide(*definition, path);
  path.pop_back();
  if (decided) conditions_[name] = *decided;
  return decided;
}

Outcome<bool> Resolver::decide(const json::value& value, std::vector<std::string>& path) {
  const auto* object = value.if_object();
  if (object == nullptr || object->size() != 1) {
    return refuse(format_error("every condition must be one of Fn::And, Fn::Equals, Fn::Not, Fn::Or and Condition."));
  }
  const std::string_view function = object->begin()->key();
  const auto& argument = object->begin()->value();
  if (function == "Condition") {
    if (!argument.is_string()) return refuse(format_error("Condition requires a name."));
    return decide_named(std::string(argument.as_string()), path);
  }
  const auto* list = argument.if_array();
  const auto count = list != nullptr ? list->size() : 0;
  if (function == "Fn::Equals") {
    if (count != 2) return refuse(format_error("every Fn::Equals object requires a list of 2 string parameters."));
    auto left = resolve((*list)[0]), right = resolve((*list)[1]);
    if (!left) return refuse(left.error());
    if (!right) return refuse(right.error());
    if (!*left || !*right) return !*left && !*right;
    return as_text(**left) == as_text(**right);
  }
  if (function == "Fn::Not") {
    if (count != 1) return refuse(format_error("Fn::Not requires a list argument with one condition."));
    auto decided = decide(list->front(), path);
    if (decided) *decided = !*decided;
    return decided;
  }
  if (function == "Fn::And" || function == "Fn::Or") {
    if (count < 2 || count > 10) {
      return refuse(format_error(fmt::format("every {} object requires a list of 2 to 10 conditions.", function)));
    }
    const bool wanted = function == "Fn::Or";
    bool found = false;
    for (const auto& part : *list) {
      auto decided = decide(part, path);
      if (!decided) return decided;
      found |= *decided == wanted;
    }
    return found ? wanted : !wanted;
  }
  return refuse(format_error(fmt::format("{} is not a condition function.", function)));
}

}  // namespace ads::cloud::cloudformation
