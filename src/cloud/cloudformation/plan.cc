#include "cloud/cloudformation/plan.h"

#include "cloud/cloudformation/errors.h"
#include "cloud/cloudformation/references.h"

namespace ads::cloud::cloudformation {
namespace {

// 60 and "60" are the same to CloudFormation.
bool is_same(const json::value& a, const json::value& b) {
  if (a.is_null() || b.is_null()) return false;
  if (const auto* left = a.if_object()) {
    const auto* right = b.if_object();
    return right != nullptr && left->size() == right->size() && std::ranges::all_of(*left, [&](const auto& member) {
             const auto* other = right->if_contains(member.key());
             return other != nullptr && is_same(member.value(), *other);
           });
  }
  if (const auto* left = a.if_array()) {
    const auto* right = b.if_array();
    return right != nullptr && std::ranges::equal(*left, *right, is_same);
  }
  return !b.is_object() && !b.is_array() && as_text(a) == as_text(b);
}

bool has_unknown(const json::value& value) {
  if (value.is_null()) return true;
  if (const auto* array = value.if_array()) return std::ranges::any_of(*array, has_unknown);
  const auto* object = value.if_object();
  return object != nullptr && std::ranges::any_of(*object, [](const auto& m) { return has_unknown(m.value()); });
}

json::object change(std::string_view action, const std::string& logical_id, const std::string& type,
                    const std::string& physical_id) {
  json::object out{{"Action", action}, {"LogicalResourceId", logical_id}, {"ResourceType", type}};
  if (!physical_id.empty()) out["PhysicalResourceId"] = physical_id;
  return out;
}

json::object modification(const ResourceType& type, const Resource& resource, const json::object& after,
                          const std::vector<std::string>& names, Change kind) {
  auto out = change("Modify", resource.logical_id, resource.type, resource.now.state.physical_id);
  const auto replacing = type.replacement_properties();
  bool is_certain = false;
  json::array details;
  for (const auto& name : names) {
    const bool recreates = std::ranges::find(replacing, std::string_view(name)) != replacing.end();
    const auto* value = after.if_contains(name);
    const bool unknown = value != nullptr && has_unknown(*value);
    is_certain |= recreates && !unknown;
    details.push_back(json::object{{"Target", json::object{{"Attribute", "Properties"},
                                                           {"Name", name},
                                                           {"RequiresRecreation", !recreates ? "Never"
                                                                                  : unknown  ? "Conditionally"
                                                                                             : "Always"}}},
                                   {"Evaluation", unknown ? "Dynamic" : "Static"},
                                   {"ChangeSource", "DirectModification"}});
  }
  json::array scope{names.empty() ? "Tags" : "Properties"};
  out["Replacement"] = kind != Change::replacement ? "False" : is_certain ? "True" : "Conditional";
  out["Scope"] = std::move(scope);
  out["Details"] = std::move(details);
  return out;
}

json::object as_change(json::object resource_change) {
  return {{"Type", "Resource"}, {"ResourceChange", std::move(resource_change)}};
}

}  // namespace

std::vector<std::string> changed_properties(const json::object& before, const json::object& after) {
  std::vector<std::string> out;
  for (const auto& [name, value] : after) {
    const auto* old = before.if_contains(name);
    if (old == nullptr || !is_same(*old, value)) out.emplace_back(name);
  }
  for (const auto& [name, _] : before) {
    if (!after.contains(name)) out.emplace_back(name);
  }
  std::ranges::sort(out);
  return out;
}

Change decide_change(const ResourceType& type, const json::object& before, const json::object& after, TagChange tags) {
  const auto names = changed_properties(before, after);
  const auto replacing = type.replacement_properties();
  for (const auto& name : names) {
    if (std::ranges::find(replacing, std::string_view(name)) != replacing.end()) return Change::replacement;
  }
  if (!names.empty()) return Change::in_place;
  return tags == TagChange::different && type.schema().contains("Tags") ? Change::in_place : Change::none;
}

Outcome<Plan> plan_changes(const PlanInput& input) {
  const auto graph = dependencies(input.target, input.resolver.conditions());
  auto order = creation_order(graph);
  if (!order) return refuse(order.error());
  Plan plan;
  for (const auto& logical_id : *order) {
    const auto& definition = *input.target.resource(logical_id);
    const auto& type = *input.types.at(definition.type);
    auto properties = input.resolver.resolve_object(definition.properties);
    if (!properties) return refuse(properties.error());
    if (auto checked = check_properties(definition.type, type.schema(), *properties); !checked) {
      return refuse(validation(fmt::format("Resource {}: {}", logical_id, checked.error().message)));
    }
    const auto existing = input.existing.find(logical_id);
    if (existing == input.existing.end()) {
      plan.changes.push_back(as_change(change("Add", logical_id, definition.type, "")));
      continue;
    }
    const auto& now = existing->second.now;
    if (existing->second.type != definition.type) {
      return refuse(
          validation(fmt::format("Update of resource type is not permitted. The new template modifies resource "
                                 "type of the following resources: [{}]",
                                 logical_id)));
    }
    const auto kind = decide_change(type, now.properties, *properties, input.tags);
    if (kind != Change::none) {
      plan.changes.push_back(as_change(
          modification(type, existing->second, *properties, changed_properties(now.properties, *properties), kind)));
    }
    if (kind != Change::replacement) input.known[logical_id] = &now.state;
    plan.is_empty &=
        now.deletion_policy == definition.deletion_policy && now.replace_policy == definition.replace_policy;
  }
  for (const auto& [logical_id, resource] : input.existing) {
    if (graph.contains(logical_id)) continue;
    auto removal = change("Remove", logical_id, resource.type, resource.now.state.physical_id);
    removal["PolicyAction"] = resource.now.deletion_policy == DeletionPolicy::remove ? "Delete" : "Retain";
    plan.changes.push_back(as_change(std::move(removal)));
  }
  auto outputs = resolve_outputs(input.target, input.resolver);
  if (!outputs) return refuse(outputs.error());
  plan.is_empty &= plan.changes.empty() && input.tags == TagChange::same && *outputs == input.outputs;
  return plan;
}

Outcome<json::array> resolve_outputs(const Template& parsed, const Resolver& resolver) {
  json::array out;
  std::set<std::string> exports;
  for (const auto& output : parsed.outputs) {
    if (!resolver.holds(output.condition)) continue;
    auto value = resolver.resolve(output.value);
    if (!value) return refuse(value.error());
    if (!*value) continue;
    if ((*value)->is_array() || (*value)->is_object()) {
      return refuse(format_error(
          fmt::format("The Value field of every Outputs member must evaluate to a String: {}", output.name)));
    }
    json::object shown{{"OutputKey", output.name}, {"OutputValue", nullptr}};
    if (!(*value)->is_null()) shown["OutputValue"] = as_text(**value);
    if (!output.description.empty()) shown["Description"] = output.description;
    if (output.export_name) {
      auto name = resolver.resolve(*output.export_name);
      if (!name) return refuse(name.error());
      if (!*name || (!(*name)->is_string() && !(*name)->is_null())) {
        return refuse(
            format_error(fmt::format("Output {}: the export's Name must evaluate to a String.", output.name)));
      }
      if ((*name)->is_string() && !exports.emplace((*name)->as_string()).second) {
        return refuse(validation(fmt::format("Duplicate Export names: {}.", as_text(**name))));
      }
      shown["ExportName"] = **name;
    }
    out.push_back(std::move(shown));
  }
  return out;
}

}  // namespace ads::cloud::cloudformation
