// Intrinsic functions: a template's values become what the resource types get.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/cloudformation/parameters.h"
#include "cloud/cloudformation/references.h"
#include "cloud/cloudformation/template.h"
#include "cloud/resource_type.h"
#include "cloud/wire_error.h"

namespace ads::cloud::cloudformation {

struct PseudoParameters {
  std::string account, region, stack_id, stack_name;
};

// A resource that does not exist yet resolves to null, and so does everything made of it: that is how a change set
// looks ahead. While a stack is made, nothing is resolved before what it needs exists.
using FindResource = std::function<const ResourceState*(std::string_view logical_id)>;
// The value of an export; nothing where nobody exports that name.
using FindExport = std::function<std::optional<std::string>(std::string_view name)>;

class Resolver {
 public:
  // `parsed` and `values` outlive the resolver.
  Resolver(const Template& parsed, const ParameterValues& values, PseudoParameters pseudo, FindResource find_resource,
           FindExport find_export);
  // The same with other values, which outlive it; what was decided stays decided.
  Resolver(const Resolver& other, const ParameterValues& values);

  // Decides every condition of the template. Errors: ValidationError (cycles, unknown names, wrong shapes).
  Outcome<void> decide_conditions();
  const Conditions& conditions() const { return conditions_; }
  bool holds(std::string_view condition) const;  // the empty condition holds
  // Asserts what the template's Rules section says of the parameters. Errors: ValidationError with the assertion's
  // description.
  Outcome<void> check_rules() const;

  // Nothing is AWS::NoValue: the member is to be left out. Errors: ValidationError.
  Outcome<std::optional<json::value>> resolve(const json::value& value) const;
  Outcome<json::object> resolve_object(const json::object& object) const;

 private:
  using Resolved = Outcome<std::optional<json::value>>;
  Outcome<bool> decide(const json::value& value, std::vector<std::string>& path);
  Outcome<bool> decide_named(const std::string& name, std::vector<std::string>& path);
  Outcome<bool> asserts(const json::value& value) const;
  Outcome<std::vector<std::string>> members_of(const json::value& value) const;
  Resolved call(std::string_view function, const json::value& argument) const;
  // False once more text was produced than a stack may have.
  bool count(std::size_t bytes) const;
  Resolved reference(std::string_view name) const;
  Resolved attribute(std::string_view logical_id, std::string_view name) const;
  Resolved sub(const json::value& argument) const;
  Resolved join(const json::value& argument) const;
  Resolved select(const json::value& argument) const;
  Resolved split(const json::value& argument) const;
  Resolved find_in_map(const json::value& argument) const;
  Resolved import_value(const json::value& argument) const;
  Resolved choose(const json::value& argument) const;
  // A list with every element resolved and AWS::NoValue dropped; null where an element list is not known yet.
  Outcome<json::value> resolve_list(const json::value& value) const;

  const Template& template_;
  const ParameterValues& values_;
  PseudoParameters pseudo_;
  FindResource find_resource_;
  FindExport find_export_;
  Conditions conditions_;
  mutable std::size_t produced_ = 0;  // bytes of text that functions gave
};

// Numbers and booleans as templates write them: "60", "true".
std::string as_text(const json::value& value);

}  // namespace ads::cloud::cloudformation
