// Writes an operation down together with the stack's new state, and starts it.
#pragma once
#include <set>
#include <string>

#include "cloud/cloudformation/actions/input.h"

namespace ads::cloud::cloudformation {

// `stack` gets its new status. Nothing is awaited: what was decided about the stack still holds.
// Errors: InternalFailure where the disk refuses; nothing was begun then.
Outcome<void> begin_create(Desk& desk, Stack& stack, Prepared prepared, Conduct conduct);
// Also of a stack in CREATE_FAILED or UPDATE_FAILED: a failure then goes back to what was before the first of them.
Outcome<void> begin_update(Desk& desk, Stack& stack, Prepared prepared, Conduct conduct);
Outcome<void> begin_delete(Desk& desk, Stack& stack, const std::set<std::string>& retained);
// Takes back what a failed creation or update left (CREATE_FAILED, UPDATE_FAILED), or goes on taking back
// (UPDATE_ROLLBACK_FAILED) without the resources in `skipped`, which then count as they were.
// Errors: ValidationError for any other status, and for a resource that did not fail to roll back.
Outcome<void> begin_rollback(Desk& desk, Stack& stack, Conduct conduct);
Outcome<void> continue_rollback(Desk& desk, Stack& stack, const std::set<std::string>& skipped);
// Deletion that an import by another stack forbids: says so in the stack's events and leaves it as it is. False where
// nothing forbids it. Errors: InternalFailure.
Outcome<bool> refuse_deletion_of_exports(Desk& desk, Stack& stack);

// Errors: ValidationError "Stack:ARN is in X state and can not be updated."
Outcome<void> may_update(const Stack& stack);

}  // namespace ads::cloud::cloudformation
