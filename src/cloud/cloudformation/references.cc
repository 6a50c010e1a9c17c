#include "cloud/cloudformation/references.h"

#include "cloud/cloudformation/errors.h"

namespace ads::cloud::cloudformation {
namespace {

void add_variable(std::string_view variable, References& found) {
  const auto dot = variable.find('.');
  if (dot == std::string_view::npos) {
    found.names.emplace(variable);
  } else {
    found.attributes.emplace(variable.substr(0, dot));
  }
}

void collect_sub(const json::value& argument, References& found, const Conditions* conditions) {
  const json::value* text = &argument;
  std::set<std::string> own;
  if (const auto* pair = argument.if_array(); pair != nullptr && pair->size() == 2) {
    text = &(*pair)[0];
    if (const auto* variables = (*pair)[1].if_object()) {
      for (const auto& [name, value] : *variables) {
        own.emplace(name);
        collect_references(value, found, conditions);
      }
    }
  }
  if (!text->is_string()) return;
  for (const auto& variable : sub_variables(text->as_string())) {
    if (!own.contains(variable)) add_variable(variable, found);
  }
}

}  // namespace

std::vector<std::string> sub_variables(std::string_view text) {
  std::vector<std::string> out;
  for (auto at = text.find("${"); at != std::string_view::npos; at = text.find("${", at + 2)) {
    const auto end = text.find('}', at);
    if (end == std::string_view::npos) break;
    auto name = text.substr(at + 2, end - at - 2);
    if (name.starts_with('!')) continue;
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    out.emplace_back(name);
  }
  return out;
}

void collect_references(const json::value& value, References& found, const Conditions* conditions) {
  if (const auto* array = value.if_array()) {
    for (const auto& element : *array) collect_references(element, found, conditions);
    return;
  }
  const auto* object = value.if_object();
  if (object == nullptr) return;
  if (object->size() == 1) {
    const std::string_view name = object->begin()->key();
    const auto& argument = object->begin()->value();
    if (name == "Ref" && argument.is_string()) {
      found.names.emplace(argument.as_string());
      return;
    }
    if (name == "Condition" && argument.is_string()) {
      found.conditions.emplace(argument.as_string());
      return;
    }
    if (name == "Fn::GetAtt") {
      if (const auto* pair = argument.if_array(); pair != nullptr && !pair->empty() && pair->front().is_string()) {
        found.attributes.emplace(pair->front().as_string());
        for (std::size_t i = 1; i < pair->size(); ++i) collect_references((*pair)[i], found, conditions);
      } else if (argument.is_string()) {
        add_variable(argument.as_string(), found);
      }
      return;
    }
    if (name == "Fn::Sub") return collect_sub(argument, found, conditions);
    if (name == "Fn::If") {
      if (const auto* parts = argument.if_array();
          parts != nullptr && parts->size() == 3 && parts->front().is_string()) {
        const std::string condition((*parts)[0].as_string());
        found.conditions.insert(condition);
        const auto decided = conditions != nullptr ? conditions->find(condition) : Conditions::const_iterator{};
        const bool known = conditions != nullptr && decided != conditions->end();
        if (!known || decided->second) collect_references((*parts)[1], found, conditions);
        if (!known || !decided->second) collect_references((*parts)[2], found, conditions);
        return;
      }
    }
  }
  for (const auto& [_, member] : *object) collect_references(member, found, conditions);
}

Graph dependencies(const Template& parsed, const Conditions& conditions) {
  const auto holds = [&](const std::string& condition) {
    const auto found = conditions.find(condition);
    return condition.empty() || (found != conditions.end() && found->second);
  };
  Graph graph;
  for (const auto& resource : parsed.resources) {
    if (holds(resource.condition)) graph[resource.logical_id];
  }
  for (const auto& resource : parsed.resources) {
    const auto node = graph.find(resource.logical_id);
    if (node == graph.end()) continue;
    References found;
    collect_references(resource.properties, found, &conditions);
    collect_references(resource.metadata, found, &conditions);
    found.names.insert(resource.depends_on.begin(), resource.depends_on.end());
    found.names.insert(found.attributes.begin(), found.attributes.end());
    for (const auto& name : found.names) {
      if (graph.contains(name)) node->second.insert(name);
    }
  }
  return graph;
}

Outcome<std::vector<std::string>> creation_order(const Graph& graph) {
  std::vector<std::string> order;
  std::map<std::string, std::set<std::string>, std::less<>> left = graph;
  while (!left.empty()) {
    std::vector<std::string> ready;
    for (const auto& [name, needs] : left) {
      if (needs.empty()) ready.push_back(name);
    }
    if (ready.empty()) break;
    for (const auto& name : ready) {
      left.erase(name);
      order.push_back(name);
    }
    for (auto& [_, needs] : left) {
      for (const auto& name : ready) needs.erase(name);
    }
  }
  // What merely waits for a cycle is not part of it: drop, again and again, what nobody left waits for.
  for (bool dropped = true; dropped && !left.empty();) {
    std::set<std::string> needed;
    for (const auto& [_, needs] : left) needed.insert(needs.begin(), needs.end());
    dropped = std::erase_if(left, [&](const auto& node) { return !needed.contains(node.first); }) > 0;
  }
  if (left.empty()) return order;
  std::string names;
  for (const auto& [name, _] : left) names += (names.empty() ? "" : ", ") + name;
  return refuse(validation(fmt::format("Circular dependency between resources: [{}]", names)));
}

}  // namespace ads::cloud::cloudformation
