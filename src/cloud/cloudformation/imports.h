// ImportExistingResources of a change set: what a new resource's name already has is taken into the stack instead of
// being made.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
#pragma once
#include <string>

#include "cloud/cloudformation/actions/input.h"

namespace ads::cloud::cloudformation {

// Of the plan's new resources those that exist: with a custom name, and a DeletionPolicy that retains them. Their
// changes become "Import", and prepared.imports gets their physical ids. Gives the reason why the change set fails;
// empty where it does not: another stack has one of them. Errors: those of the resource types.
Task<Outcome<std::string>> find_imports(Desk& desk, const Stack& stack, Prepared& prepared);

}  // namespace ads::cloud::cloudformation
