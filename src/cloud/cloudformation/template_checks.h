// What of a template can be judged by its form alone: its sections, mappings, functions and the names it mentions.
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/cloudformation/template.h"
#include "cloud/wire_error.h"

namespace ads::cloud::cloudformation {

// Errors of all: ValidationError in AWS's words.

// Known sections only; the format version; the description's length. A Transform is refused with what to do instead.
Outcome<void> check_sections(const json::object& root);
// Functions that only a transform expands, wherever they stand.
Outcome<void> check_transforms(const json::value& value);
// Map -> key -> name -> a scalar or a list of scalars.
Outcome<void> check_mappings(const json::object& mappings);
// Every Ref, GetAtt, Sub, DependsOn and condition names something that exists.
Outcome<void> check_all_references(const Template& parsed);

// Numbers and booleans as templates write them; an absent member is empty.
std::string scalar_text(const json::value& value);
std::string member_text(const json::object& object, std::string_view name);

}  // namespace ads::cloud::cloudformation
