// Writes an operation down together with the stack's new state, and starts it.
#pragma once
#include <set>
#include <string>

#include "cloud/cloudformation/actions/input.h"

namespace ads::cloud::cloudformation {

// `stack` gets its new status. Nothing is awaited: what was decided about the stack still holds.
// Errors: InternalFailure where the disk refuses; nothing was begun then.
Outcome<void> begin_create(Desk& desk, Stack& stack, Prepared prepared);
Outcome<void> begin_update(Desk& desk, Stack& stack, Prepared prepared);
Outcome<void> begin_delete(Desk& desk, Stack& stack, const std::set<std::string>& retained);

// Errors: ValidationError "Stack:ARN is in X state and can not be updated."
Outcome<void> may_update(const Stack& stack);

}  // namespace ads::cloud::cloudformation
