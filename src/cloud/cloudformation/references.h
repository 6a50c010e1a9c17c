// What a template's values refer to, and in which order its resources can therefore be made.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "cloud/cloudformation/template.h"
#include "cloud/wire_error.h"

namespace ads::cloud::cloudformation {

struct References {
  std::set<std::string> names;       // of Ref and Sub: parameters, pseudo parameters, resources
  std::set<std::string> attributes;  // of GetAtt and Sub "${A.B}": resources
  std::set<std::string> conditions;  // of Fn::If and {"Condition": ..}
};

using Conditions = std::map<std::string, bool, std::less<>>;

// With `conditions`, only the branch that Fn::If takes counts.
void collect_references(const json::value& value, References& found, const Conditions* conditions = nullptr);

// The variables of an Fn::Sub text: "a${B}c${D.E}${!Literal}" -> {"B", "D.E"}.
std::vector<std::string> sub_variables(std::string_view text);

// Resource -> the resources it waits for; only resources whose condition holds are in it.
using Graph = std::map<std::string, std::set<std::string>, std::less<>>;
Graph dependencies(const Template& parsed, const Conditions& conditions);

// Dependencies first; ties in the order of the names. Errors: ValidationError "Circular dependency between resources:
// [A, B]".
Outcome<std::vector<std::string>> creation_order(const Graph& graph);

}  // namespace ads::cloud::cloudformation
