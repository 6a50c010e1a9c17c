// A template as it was written: its sections as values, nothing resolved yet.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "cloud/wire_error.h"

namespace ads::cloud::cloudformation {

struct Parameter {
  std::string name, type, description, constraint_description, allowed_pattern;
  std::optional<std::string> default_value;
  bool is_secret = false;  // NoEcho
  std::vector<std::string> allowed_values;
  std::optional<double> least, most;             // MinValue, MaxValue
  std::optional<std::size_t> shortest, longest;  // MinLength, MaxLength
};

enum class DeletionPolicy { remove, retain, retain_except_on_create };

struct ResourceDefinition {
  std::string logical_id, type, condition;
  json::object properties, metadata;
  std::vector<std::string> depends_on;
  DeletionPolicy deletion_policy = DeletionPolicy::remove;
  DeletionPolicy replace_policy = DeletionPolicy::remove;
};

struct OutputDefinition {
  std::string name, description, condition;
  json::value value;
  std::optional<json::value> export_name;
};

struct Template {
  std::string format_version, description;
  json::object metadata;
  std::vector<Parameter> parameters;
  json::object mappings;
  json::object conditions;
  json::object rules;
  std::vector<ResourceDefinition> resources;
  std::vector<OutputDefinition> outputs;

  const Parameter* parameter(std::string_view name) const;
  const ResourceDefinition* resource(std::string_view logical_id) const;
};

// Reads and checks the form: sections, members, names, limits (500 resources, 200 parameters and outputs), that every
// Ref, GetAtt, Sub, DependsOn and condition names something that exists, and that no functions are misspelt.
// Errors: ValidationError in AWS's words. Transforms, and the functions that need one, are refused with what to do
// about them; Hooks by name.
Outcome<Template> read_template(std::string_view text);

// The capability that the template needs: "CAPABILITY_NAMED_IAM", "CAPABILITY_IAM" or nothing; `because` gets the
// types.
std::string needed_capability(const Template& parsed, std::vector<std::string>& because);

}  // namespace ads::cloud::cloudformation
