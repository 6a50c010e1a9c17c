#include "cloud/cloudformation/template.h"

#include <charconv>

#include "cloud/cloudformation/errors.h"
#include "cloud/cloudformation/template_checks.h"
#include "cloud/cloudformation/yaml.h"

namespace ads::cloud::cloudformation {
namespace {

constexpr std::size_t kMostResources = 500, kMostParameters = 200, kMostOutputs = 200, kMostMappings = 200;

bool is_alphanumeric(std::string_view text) {
  return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
}

// The section as an object; empty where it is absent.
Outcome<json::object> section(const json::object& root, std::string_view name, std::size_t most) {
  const auto* value = root.if_contains(name);
  if (value == nullptr) return json::object{};
  if (!value->is_object()) return refuse(format_error(fmt::format("{} section must be an object.", name)));
  const auto& object = value->as_object();
  if (object.size() > most) {
    return refuse(
        format_error(fmt::format("Number of {}, {}, is greater than maximum allowed, {}", name, object.size(), most)));
  }
  return object;
}

template <class Number>
Outcome<std::optional<Number>> read_number(const std::string& parameter, const json::object& object,
                                           std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return std::optional<Number>{};
  const auto text = scalar_text(*value);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return refuse(format_error(fmt::format("Parameter {}: {} must be a number.", parameter, name)));
  }
  return std::optional<Number>(number);
}

Outcome<Parameter> read_parameter(const std::string& name, const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr)
    return refuse(format_error(fmt::format("Every Parameters member must be an object: {}", name)));
  static const std::set<std::string_view> kKnown = {
      "Type",     "Default",  "Description", "NoEcho",    "AllowedValues",        "AllowedPattern",
      "MinValue", "MaxValue", "MinLength",   "MaxLength", "ConstraintDescription"};
  for (const auto& [member, _] : *object) {
    if (!kKnown.contains(std::string_view(member))) {
      return refuse(validation(fmt::format("Invalid template parameter property '{}'", std::string_view(member))));
    }
  }
  Parameter out{.name = name, .type = member_text(*object, "Type")};
  static const std::set<std::string_view> kTypes = {"String",
                                                    "Number",
                                                    "CommaDelimitedList",
                                                    "List<Number>",
                                                    "List<String>",
                                                    "AWS::SSM::Parameter::Name",
                                                    "AWS::SSM::Parameter::Value<String>",
                                                    "AWS::SSM::Parameter::Value<List<String>>",
                                                    "AWS::SSM::Parameter::Value<CommaDelimitedList>"};
  if (out.type.empty()) {
    return refuse(format_error(fmt::format("Every Parameters object must contain a Type member: {}", name)));
  }
  if (!kTypes.contains(out.type)) {
    if (out.type.starts_with("AWS::") || out.type.starts_with("List<AWS::")) {
      return refuse(unsupported(fmt::format("Parameter type {} (of parameter {})", out.type, name)));
    }
    return refuse(format_error(fmt::format("Unrecognized parameter type: {}", out.type)));
  }
  if (const auto* given = object->if_contains("Default")) out.default_value = scalar_text(*given);
  out.description = member_text(*object, "Description");
  out.constraint_description = member_text(*object, "ConstraintDescription");
  out.allowed_pattern = member_text(*object, "AllowedPattern");
  out.is_secret = member_text(*object, "NoEcho") == "true";
  if (const auto* allowed = object->if_contains("AllowedValues")) {
    if (!allowed->is_array()) return refuse(format_error("Every AllowedValues member must be a list."));
    for (const auto& entry : allowed->as_array()) out.allowed_values.push_back(scalar_text(entry));
  }
  auto least = read_number<double>(name, *object, "MinValue"), most = read_number<double>(name, *object, "MaxValue");
  auto shortest = read_number<std::size_t>(name, *object, "MinLength");
  auto longest = read_number<std::size_t>(name, *object, "MaxLength");
  if (!least) return refuse(least.error());
  if (!most) return refuse(most.error());
  if (!shortest) return refuse(shortest.error());
  if (!longest) return refuse(longest.error());
  out.least = *least, out.most = *most, out.shortest = *shortest, out.longest = *longest;
  return out;
}

Outcome<DeletionPolicy> read_policy(const std::string& resource, const json::object& object, std::string_view member) {
  const auto text = member_text(object, member);
  if (const auto* value = object.if_contains(member); value != nullptr && !value->is_string()) {
    return refuse(format_error(fmt::format("Every {} member must be a string.", member)));
  }
  if (text.empty() || text == "Delete") return DeletionPolicy::remove;
  if (text == "Retain") return DeletionPolicy::retain;
  if (text == "RetainExceptOnCreate" && member == "DeletionPolicy") return DeletionPolicy::retain_except_on_create;
  if (text == "Snapshot") {
    return refuse(validation(fmt::format("Template error: resource type {} (of {}) does not support {} Snapshot",
                                         member_text(object, "Type"), resource,
                                         member == "DeletionPolicy" ? "deletion policy" : "update replace policy")));
  }
  return refuse(format_error(fmt::format("Unrecognized {} {} for resource {}", member, text, resource)));
}

Outcome<ResourceDefinition> read_resource(const std::string& name, const json::value& value) {
  if (!is_alphanumeric(name)) return refuse(format_error(fmt::format("Resource name {} is non alphanumeric.", name)));
  const auto* object = value.if_object();
  if (object == nullptr) {
    return refuse(format_error(fmt::format("[/Resources/{}] resource definition must be an object", name)));
  }
  static const std::set<std::string_view> kKnown = {"Type",     "Properties",     "DependsOn",          "Condition",
                                                    "Metadata", "DeletionPolicy", "UpdateReplacePolicy"};
  for (const auto& [member, _] : *object) {
    if (member == "CreationPolicy" || member == "UpdatePolicy") {
      return refuse(unsupported(fmt::format("{} (of resource {})", std::string_view(member), name)));
    }
    if (!kKnown.contains(std::string_view(member))) {
      return refuse(validation(fmt::format("Invalid template resource property '{}'", std::string_view(member))));
    }
  }
  ResourceDefinition out{.logical_id = name, .type = member_text(*object, "Type")};
  if (out.type.empty()) {
    return refuse(
        format_error(fmt::format("[/Resources/{}] Every Resources object must contain a Type member.", name)));
  }
  out.condition = member_text(*object, "Condition");
  if (const auto* properties = object->if_contains("Properties")) {
    if (!properties->is_object()) {
      return refuse(format_error(fmt::format("[/Resources/{}/Properties] must be an object", name)));
    }
    out.properties = properties->as_object();
  }
  if (const auto* metadata = object->if_contains("Metadata")) {
    if (!metadata->is_object()) {
      return refuse(format_error(fmt::format("[/Resources/{}/Metadata] must be an object", name)));
    }
    out.metadata = metadata->as_object();
  }
  if (const auto* depends = object->if_contains("DependsOn")) {
    if (const auto* list = depends->if_array()) {
      for (const auto& entry : *list) out.depends_on.push_back(scalar_text(entry));
    } else {
      out.depends_on.push_back(scalar_text(*depends));
    }
  }
  auto deletion = read_policy(name, *object, "DeletionPolicy");
  if (!deletion) return refuse(deletion.error());
  auto replace = read_policy(name, *object, "UpdateReplacePolicy");
  if (!replace) return refuse(replace.error());
  out.deletion_policy = *deletion;
  out.replace_policy = *replace;
  return out;
}

Outcome<OutputDefinition> read_output(const std::string& name, const json::value& value) {
  if (!is_alphanumeric(name)) return refuse(format_error(fmt::format("Output name {} is non alphanumeric.", name)));
  const auto* object = value.if_object();
  if (object == nullptr || !object->contains("Value")) {
    return refuse(format_error(fmt::format("Every Outputs member must contain a Value object: {}", name)));
  }
  OutputDefinition out{.name = name};
  for (const auto& [member, content] : *object) {
    if (member == "Value") {
      out.value = content;
    } else if (member == "Description") {
      out.description = scalar_text(content);
    } else if (member == "Condition") {
      out.condition = scalar_text(content);
    } else if (member == "Export" && content.is_object() && content.as_object().contains("Name")) {
      out.export_name = content.at("Name");
    } else {
      return refuse(validation(
          fmt::format("Invalid template output property '{}' in output {}", std::string_view(member), name)));
    }
  }
  return out;
}

}  // namespace

const Parameter* Template::parameter(std::string_view name) const {
  const auto found = std::ranges::find(parameters, name, &Parameter::name);
  return found == parameters.end() ? nullptr : &*found;
}

const ResourceDefinition* Template::resource(std::string_view logical_id) const {
  const auto found = std::ranges::find(resources, logical_id, &ResourceDefinition::logical_id);
  return found == resources.end() ? nullptr : &*found;
}

Outcome<Template> read_template(std::string_view text) {
  auto document = read_document(text);
  if (!document) return refuse(document.error());
  const auto* root = document->if_object();
  if (root == nullptr) return refuse(format_error("unsupported structure."));
  if (auto checked = check_sections(*root); !checked) return refuse(checked.error());
  Template out{.format_version = member_text(*root, "AWSTemplateFormatVersion"),
               .description = member_text(*root, "Description")};
  if (auto checked = check_transforms(*document); !checked) return refuse(checked.error());
  auto metadata = section(*root, "Metadata", 10'000), rules = section(*root, "Rules", 10'000);
  auto mappings = section(*root, "Mappings", kMostMappings);
  auto conditions = section(*root, "Conditions", 10'000), parameters = section(*root, "Parameters", kMostParameters);
  auto resources = section(*root, "Resources", kMostResources), outputs = section(*root, "Outputs", kMostOutputs);
  for (const auto* checked : {&metadata, &rules, &mappings, &conditions, &parameters, &resources, &outputs}) {
    if (!*checked) return refuse(checked->error());
  }
  out.metadata = *std::move(metadata), out.mappings = *std::move(mappings), out.conditions = *std::move(conditions);
  out.rules = *std::move(rules);
  if (auto checked = check_mappings(out.mappings); !checked) return refuse(checked.error());
  for (const auto& [name, value] : *parameters) {
    if (!is_alphanumeric(name))
      return refuse(format_error(fmt::format("Parameter name {} is non alphanumeric.", std::string_view(name))));
    auto parameter = read_parameter(name, value);
    if (!parameter) return refuse(parameter.error());
    out.parameters.push_back(*std::move(parameter));
  }
  if (resources->empty()) return refuse(format_error("At least one Resources member must be defined."));
  for (const auto& [name, value] : *resources) {
    auto resource = read_resource(name, value);
    if (!resource) return refuse(resource.error());
    out.resources.push_back(*std::move(resource));
  }
  for (const auto& [name, value] : *outputs) {
    auto output = read_output(name, value);
    if (!output) return refuse(output.error());
    out.outputs.push_back(*std::move(output));
  }
  if (auto checked = check_all_references(out); !checked) return refuse(checked.error());
  return out;
}

std::string needed_capability(const Template& parsed, std::vector<std::string>& because) {
  static const std::map<std::string_view, std::string_view> kIamNames = {
      {"AWS::IAM::Role", "RoleName"},
      {"AWS::IAM::User", "UserName"},
      {"AWS::IAM::ManagedPolicy", "ManagedPolicyName"},
      {"AWS::IAM::Group", "GroupName"},
      {"AWS::IAM::Policy", ""},
      {"AWS::IAM::AccessKey", ""},
      {"AWS::IAM::InstanceProfile", "InstanceProfileName"}};
  bool named = false;
  for (const auto& resource : parsed.resources) {
    const auto found = kIamNames.find(resource.type);
    if (found == kIamNames.end()) continue;
    because.push_back(resource.type);
    named |= !found->second.empty() && resource.properties.contains(found->second);
  }
  if (because.empty()) return {};
  std::ranges::sort(because);
  because.erase(std::ranges::unique(because).begin(), because.end());
  return named ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM";
}

}  // namespace ads::cloud::cloudformation
