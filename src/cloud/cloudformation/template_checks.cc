#include "cloud/cloudformation/template_checks.h"

#include "cloud/cloudformation/errors.h"
#include "cloud/cloudformation/references.h"

namespace ads::cloud::cloudformation {
namespace {

bool is_pseudo_parameter(std::string_view name) {
  static const std::set<std::string_view> kPseudo = {"AWS::AccountId", "AWS::NotificationARNs", "AWS::NoValue",
                                                     "AWS::Partition", "AWS::Region",           "AWS::StackId",
                                                     "AWS::StackName", "AWS::URLSuffix"};
  return kPseudo.contains(name);
}

std::string joined(const std::set<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

// Every name that a block mentions must exist.
Outcome<void> check_references(const Template& parsed, const References& found, std::string_view block) {
  std::set<std::string> missing;
  for (const auto& name : found.names) {
    if (!is_pseudo_parameter(name) && parsed.parameter(name) == nullptr && parsed.resource(name) == nullptr) {
      missing.insert(name);
    }
  }
  for (const auto& name : found.attributes) {
    if (parsed.resource(name) == nullptr) missing.insert(name);
  }
  if (!missing.empty()) {
    return refuse(format_error(
        fmt::format("Unresolved resource dependencies [{}] in the {} block of the template", joined(missing), block)));
  }
  for (const auto& name : found.conditions) {
    if (!parsed.conditions.contains(name)) missing.insert(name);
  }
  if (!missing.empty()) {
    return refuse(format_error(
        fmt::format("Unresolved condition dependencies [{}] in the {} block of the template", joined(missing), block)));
  }
  return {};
}

constexpr std::string_view kProcessed =
    "deploy the processed template (aws cloudformation get-template --template-stage Processed shows the one of a "
    "stack "
    "on AWS; samtranslator makes one of a SAM template)";

}  // namespace

std::string scalar_text(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

std::string member_text(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value == nullptr ? std::string() : scalar_text(*value);
}

Outcome<void> check_all_references(const Template& parsed) {
  References in_resources, in_outputs, in_conditions;
  for (const auto& resource : parsed.resources) {
    collect_references(resource.properties, in_resources);
    collect_references(resource.metadata, in_resources);
    if (!resource.condition.empty()) in_resources.conditions.insert(resource.condition);
    for (const auto& name : resource.depends_on) {
      if (parsed.resource(name) == nullptr) {
        return refuse(format_error(
            fmt::format("Unresolved resource dependencies [{}] in the Resources block of the template", name)));
      }
    }
  }
  for (const auto& output : parsed.outputs) {
    collect_references(output.value, in_outputs);
    if (output.export_name) collect_references(*output.export_name, in_outputs);
    if (!output.condition.empty()) in_outputs.conditions.insert(output.condition);
  }
  collect_references(parsed.conditions, in_conditions);
  References in_rules;
  collect_references(parsed.rules, in_rules);
  for (const auto& name : in_rules.names) {
    if (parsed.parameter(name) == nullptr && !is_pseudo_parameter(name)) {
      return refuse(format_error(fmt::format("Unresolved dependencies [{}] in the Rules block of the template", name)));
    }
  }
  for (const auto& name : in_conditions.names) {
    if (parsed.resource(name) != nullptr) {
      return refuse(format_error(fmt::format(
          "Unresolved dependencies [{}]. Cannot reference resources in the Conditions block of the template", name)));
    }
  }
  if (auto checked = check_references(parsed, in_conditions, "Conditions"); !checked) return checked;
  if (auto checked = check_references(parsed, in_resources, "Resources"); !checked) return checked;
  return check_references(parsed, in_outputs, "Outputs");
}

Outcome<void> check_transforms(const json::value& value) {
  if (const auto* array = value.if_array()) {
    for (const auto& element : *array) {
      if (auto checked = check_transforms(element); !checked) return checked;
    }
    return {};
  }
  const auto* object = value.if_object();
  if (object == nullptr) return {};
  for (const auto& [key, member] : *object) {
    const std::string_view name = key;
    if (name == "Fn::Transform") {
      const auto* body = member.if_object();
      return refuse(validation(fmt::format("Fn::Transform {} is not expanded by the local cloud: {}.",
                                           body != nullptr ? member_text(*body, "Name") : "", kProcessed)));
    }
    if (name == "Fn::Length" || name == "Fn::ToJsonString" || name.starts_with("Fn::ForEach")) {
      return refuse(
          validation(fmt::format("{} needs the transform AWS::LanguageExtensions, which is not expanded by "
                                 "the local cloud: {}.",
                                 name, kProcessed)));
    }
    if (auto checked = check_transforms(member); !checked) return checked;
  }
  return {};
}

Outcome<void> check_mappings(const json::object& mappings) {
  const auto is_scalar = [](const json::value& v) { return v.is_string() || v.is_number() || v.is_bool(); };
  for (const auto& [map_name, map] : mappings) {
    const auto* keys = map.if_object();
    if (keys == nullptr || keys->empty()) {
      return refuse(format_error(fmt::format("Every Mappings member {} must be a map", std::string_view(map_name))));
    }
    for (const auto& [key, attributes] : *keys) {
      const auto* values = attributes.if_object();
      if (values == nullptr || values->empty()) {
        return refuse(
            format_error(fmt::format("Every Mappings member {} must be a map of maps", std::string_view(map_name))));
      }
      for (const auto& [attribute, value] : *values) {
        const auto* list = value.if_array();
        if (is_scalar(value) || (list != nullptr && std::ranges::all_of(*list, is_scalar))) continue;
        return refuse(
            format_error(fmt::format("Every Mappings attribute must be a String or a List: {}.{}.{}",
                                     std::string_view(map_name), std::string_view(key), std::string_view(attribute))));
      }
    }
  }
  return {};
}

Outcome<void> check_sections(const json::object& root) {
  static const std::set<std::string_view> kKnown = {"AWSTemplateFormatVersion",
                                                    "Description",
                                                    "Metadata",
                                                    "Parameters",
                                                    "Mappings",
                                                    "Conditions",
                                                    "Rules",
                                                    "Resources",
                                                    "Outputs"};
  for (const auto& [name, value] : root) {
    if (kKnown.contains(std::string_view(name))) continue;
    if (name == "Transform") {
      return refuse(validation(
          fmt::format("Transform {} is not expanded by the local cloud: {}.", scalar_text(value), kProcessed)));
    }
    if (name == "Hooks") return refuse(unsupported("The Hooks section"));
    return refuse(validation(fmt::format("Invalid template property or properties [{}]", std::string_view(name))));
  }
  const auto version = member_text(root, "AWSTemplateFormatVersion");
  if (!version.empty() && version != "2010-09-09") {
    return refuse(format_error(fmt::format("unsupported value for AWSTemplateFormatVersion: {}", version)));
  }
  if (const auto* text = root.if_contains("Description")) {
    if (!text->is_string()) return refuse(format_error("Description must be a string."));
    if (text->as_string().size() > 1024) return refuse(format_error("'Description' length is greater than 1024."));
  }
  return {};
}

}  // namespace ads::cloud::cloudformation
