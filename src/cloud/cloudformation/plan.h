// What an update would do, found out without doing it: for change sets and for "No updates are to be performed."
#pragma once
#include <map>
#include <string>
#include <vector>

#include "cloud/cloudformation/resolver.h"
#include "cloud/cloudformation/stack_store.h"
#include "cloud/resource_type.h"

namespace ads::cloud::cloudformation {

using TypeTable = std::map<std::string, ResourceType*, std::less<>>;

// Properties that differ, by name; a value not known yet (null) differs from everything.
std::vector<std::string> changed_properties(const json::object& before, const json::object& after);

// Whether and how a resource changes. Changed stack tags change every type that has tags.
enum class TagChange { same, different };
Change decide_change(const ResourceType& type, const json::object& before, const json::object& after, TagChange tags);

// The resource's own name where an update that replaces it does not change it: AWS refuses that, for there cannot be
// two of one name. Empty otherwise.
std::string own_name(const ResourceType& type, const json::object& before, const json::object& after);

struct Plan {
  json::array changes;                            // as DescribeChangeSet shows them
  bool is_empty = true;                           // nothing at all would change, not even outputs, tags or policies
  std::map<std::string, json::object> additions;  // new resources with their properties; null: not known yet
};

// `existing` is empty for a new stack. Also checks every property against its type's schema.
// Errors: ValidationError: an unsupported property, a resource whose type changes, an unresolvable value, a cycle.
struct PlanInput {
  const Template& target;
  const Resolver& resolver;  // conditions decided; its find_resource looks into `known`
  const TypeTable& types;
  const FindParameter find_parameter;
  const Resources& existing;
  const Definition& present;                                        // what the stack is by now
  const ParameterValues& values;                                    // what Ref gives
  std::map<std::string, const ResourceState*, std::less<>>& known;  // filled here: what stays as it is
  TagChange tags = TagChange::same;
  const json::array& outputs;  // the stack's present ones
  bool is_mended = false;      // the update before failed and was not rolled back: there always is something to do
};
Outcome<Plan> plan_changes(const PlanInput& input);

// The outputs as DescribeStacks shows them; null values where something is not known yet.
Outcome<json::array> resolve_outputs(const Template& parsed, const Resolver& resolver);

}  // namespace ads::cloud::cloudformation
