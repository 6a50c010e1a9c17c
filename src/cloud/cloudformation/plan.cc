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

// Why a property changes, as far as the template tells.
struct Cause {
  std::string source, entity;  // ParameterReference Delay | ResourceReference Queue | ResourceAttribute Queue.Arn | ..
  bool is_certain = true;
};

// What an update looks at to tell why: the template and values before, and which resources change.
struct Sight {
  const Template* before;
  const PlanInput& input;
  const std::set<std::string>& changing;
};

std::vector<Cause> causes_of(const Sight& sight, const std::string& logical_id, const std::string& property) {
  const auto* now = sight.input.target.resource(logical_id)->properties.if_contains(property);
  const auto* then_definition = sight.before != nullptr ? sight.before->resource(logical_id) : nullptr;
  const auto* then = then_definition != nullptr ? then_definition->properties.if_contains(property) : nullptr;
  std::vector<Cause> causes;
  if (now != nullptr) {
    References found;
    collect_references(*now, found, &sight.input.resolver.conditions());
    for (const auto& name : found.names) {
      if (sight.input.target.parameter(name) != nullptr) {
        const auto old_values = sight.input.present.effective();
        const auto old = old_values.find(name), value = sight.input.values.find(name);
        const bool is_same =
            old != old_values.end() && value != sight.input.values.end() && old->second == value->second;
        if (!is_same) causes.push_back({"ParameterReference", name});
      } else if (sight.changing.contains(name)) {
        causes.push_back({"ResourceReference", name, false});
      }
    }
    for (const auto& name : found.attributes) {
      if (sight.changing.contains(name)) causes.push_back({"ResourceAttribute", name, false});
    }
  }
  const bool is_written_anew = now == nullptr || then == nullptr || !is_same(*now, *then);
  if (is_written_anew || causes.empty()) causes.push_back({"DirectModification", ""});
  return causes;
}

struct Modification {
  const ResourceType& type;
  const Resource& resource;
  const ResourceVersion& standing;
  const json::object& after;
  std::vector<std::string> names;
  Change kind;
  TagChange tags;
  bool changes_metadata;
};

json::object modification(const Modification& m, const Sight& sight) {
  auto out = change("Modify", m.resource.logical_id, m.resource.type, m.standing.state.physical_id);
  const auto replacing = m.type.replacement_properties();
  bool is_certain = false;
  json::array details;
  for (const auto& name : m.names) {
    const bool recreates = std::ranges::find(replacing, std::string_view(name)) != replacing.end();
    const auto* value = m.after.if_contains(name);
    const bool unknown = value != nullptr && has_unknown(*value);
    is_certain |= recreates && !unknown;
    for (const auto& cause : causes_of(sight, m.resource.logical_id, name)) {
      json::object detail{{"Target", json::object{{"Attribute", "Properties"},
                                                  {"Name", name},
                                                  {"RequiresRecreation", !recreates ? "Never"
                                                                         : unknown  ? "Conditionally"
                                                                                    : "Always"}}},
                          {"Evaluation", unknown || !cause.is_certain ? "Dynamic" : "Static"},
                          {"ChangeSource", cause.source}};
      if (!cause.entity.empty()) detail["CausingEntity"] = cause.entity;
      details.push_back(std::move(detail));
    }
  }
  const auto whole = [&](std::string_view attribute) {
    details.push_back(json::object{{"Target", json::object{{"Attribute", attribute}, {"RequiresRecreation", "Never"}}},
                                   {"Evaluation", "Static"},
                                   {"ChangeSource", "DirectModification"}});
  };
  json::array scope;
  if (!m.names.empty()) scope.emplace_back("Properties");
  if (m.tags == TagChange::different && m.type.schema().contains("Tags")) scope.emplace_back("Tags"), whole("Tags");
  if (m.changes_metadata) scope.emplace_back("Metadata"), whole("Metadata");
  out["Replacement"] = m.kind != Change::replacement ? "False" : is_certain ? "True" : "Conditional";
  if (m.kind == Change::replacement) {
    const bool stays = m.standing.replace_policy != DeletionPolicy::remove;
    out["PolicyAction"] = stays ? "ReplaceAndRetain" : "ReplaceAndDelete";
  }
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

std::string own_name(const ResourceType& type, const json::object& before, const json::object& after) {
  const auto whole = type.name();
  const auto own = std::string(whole.substr(whole.rfind(':') + 1)) + "Name";
  for (const auto property : type.replacement_properties()) {
    if (property != own && property != "Name") continue;
    const auto old = get_string(before, property), now = get_string(after, property);
    if (old && old == now) return std::string(*now);
  }
  return {};
}

Outcome<Plan> plan_changes(const PlanInput& input) {
  const auto graph = dependencies(input.target, input.resolver.conditions());
  auto order = creation_order(graph);
  if (!order) return refuse(order.error());
  std::optional<Template> before;
  if (!input.present.template_text.empty()) {
    if (auto parsed = read_template(input.present.template_text)) before = *std::move(parsed);
  }
  std::set<std::string> changing;
  const Sight sight{before ? &*before : nullptr, input, changing};
  Plan plan;
  for (const auto& logical_id : *order) {
    const auto& definition = *input.target.resource(logical_id);
    const auto& type = *input.types.at(definition.type);
    const auto of_resource = [&](const WireError& error) {
      return refuse(validation(fmt::format("Resource {}: {}", logical_id, error.message)));
    };
    auto properties = input.resolver.resolve_object(definition.properties);
    if (!properties) return refuse(properties.error());
    auto metadata = input.resolver.resolve_object(definition.metadata);
    if (!metadata) return refuse(metadata.error());
    auto looked_up = resolve_dynamic_references(*properties, input.find_parameter);
    if (!looked_up) return of_resource(looked_up.error());
    if (auto checked = check_properties(definition.type, type.schema(), *looked_up); !checked) {
      return of_resource(checked.error());
    }
    const auto existing = input.existing.find(logical_id);
    const auto* standing = existing == input.existing.end() ? nullptr : existing->second.standing();
    if (standing == nullptr) {
      plan.changes.push_back(as_change(change("Add", logical_id, definition.type, "")));
      plan.additions.emplace(logical_id, *std::move(looked_up));
      changing.insert(logical_id);
      continue;
    }
    if (existing->second.type != definition.type) {
      return refuse(
          validation(fmt::format("Update of resource type is not permitted. The new template modifies resource "
                                 "type of the following resources: [{}]",
                                 logical_id)));
    }
    const auto kind = decide_change(type, standing->compared(), *properties, input.tags);
    const bool changes_metadata = has_unknown(*metadata) ? false : !is_same(*metadata, standing->metadata);
    if (kind != Change::none || changes_metadata) {
      changing.insert(logical_id);
      plan.changes.push_back(as_change(modification({.type = type,
                                                     .resource = existing->second,
                                                     .standing = *standing,
                                                     .after = *properties,
                                                     .names = changed_properties(standing->compared(), *properties),
                                                     .kind = kind,
                                                     .tags = input.tags,
                                                     .changes_metadata = changes_metadata},
                                                    sight)));
    }
    if (kind != Change::replacement) input.known[logical_id] = &standing->state;
    plan.is_empty &= standing->deletion_policy == definition.deletion_policy &&
                     standing->replace_policy == definition.replace_policy;
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
  plan.is_empty &= !input.is_mended;
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
