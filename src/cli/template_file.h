// A template before it is sent: its text read, its parameters known with the lines they stand on, and given values
// checked against them. What CloudFormation itself must judge (types, references) is left to ValidateTemplate.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace ads::cli {

using ParameterMap = std::map<std::string, std::string, std::less<>>;

struct DeclaredParameter {
  std::string name, type, description, allowed_pattern, constraint_description;
  std::optional<std::string> default_value;
  std::vector<std::string> allowed_values;
  std::optional<double> least, most;             // MinValue, MaxValue
  std::optional<std::size_t> shortest, longest;  // MinLength, MaxLength
  int line = 0;                                  // in the template's text, from 1; 0: not found
};

struct TemplateFile {
  std::string name, text;
  json::object document;  // short tags as long functions: {"Ref": ...}
  std::vector<DeclaredParameter> parameters;

  const DeclaredParameter* parameter(std::string_view name) const;
};

// YAML or JSON. Errors: invalid / "BadTemplate", with name, line and column.
Result<TemplateFile> parse_template(std::string text, std::string name);

// The value against AllowedValues, AllowedPattern, MinLength, ... : what is wrong with it, or nothing.
std::optional<std::string> complaint(const DeclaredParameter& parameter, std::string_view value);

// Every given name must be declared, every given value allowed, and every parameter that has no default must be given
// or be `kept` from the stack as it is. Errors: invalid / "BadParameter", with every complaint, one a line.
Result<void> check_parameters(const TemplateFile& file, const ParameterMap& given, const std::set<std::string>& kept);

}  // namespace ads::cli
