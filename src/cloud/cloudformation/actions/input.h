// What the actions read from a request, and how a request becomes a checked definition.
#pragma once
#include <optional>
#include <string>

#include "cloud/cloudformation/actions/actions.h"

namespace ads::cloud::cloudformation {

std::string text(const json::object& input, std::string_view member);
json::array list(const json::object& input, std::string_view member);
std::string members(const json::object& result);

// Errors: ValidationError where the name is absent or not [a-zA-Z][-a-zA-Z0-9]*.
Outcome<std::string> stack_name(const json::object& input);
// The stack of that name or ARN. Errors: ValidationError "Stack with id X does not exist".
Outcome<Stack> named_stack(Desk& desk, const Call& call, const json::object& input);

// Options that would change what happens and that we lack are refused by name.
Outcome<void> refuse_unsupported(const json::object& input);

// TemplateBody, TemplateURL (an S3 address), or the stack's own with UsePreviousTemplate or without either.
// Errors: ValidationError; S3's for an object that is not there.
Task<Outcome<std::string>> read_template_text(Desk& desk, const Call& call, json::object input, const Stack* previous);

Stack new_stack(const Desk& desk, const Call& call, std::string name);

// A definition that was checked through and through, and what it would change.
struct Prepared {
  Definition definition;
  Template parsed;
  Plan plan;
  ImportedIds imports = {};
};
// `present` is the stack as it is; `is` tells whether it has resources to compare with. Errors: all that a template or
// parameter can be refused for, InsufficientCapabilitiesException.
// Works on the engine's thread: what was read before may have changed since (is_as_read).
Task<Outcome<Prepared>> prepare_definition(Desk& desk, json::object input, std::string template_text, Stack present);
// Whether the stack in the store is the one that `stack` was read as; for a new one, that its name is still free.
bool is_as_read(const Desk& desk, const Stack& stack);

// Parameters as DescribeStacks shows them: NoEcho masked, those of the parameter store with what it gave.
json::array shown_parameters(const Definition& definition);

// Errors: ValidationError, for a type nobody here has.
Outcome<void> check_types(const Template& parsed, const TypeTable& types);

// DisableRollback and RetainExceptOnCreate.
Conduct conduct_of(const json::object& input);
// Whether the stack's last operation came with the same ClientRequestToken and by the same action: a client's retry, to
// be answered as it was. Errors: TokenAlreadyExistsException for a token of another action.
Outcome<bool> is_retry(const Stack& stack, const json::object& input, std::string_view action);

// Answers `result` once the operation that was begun is on disk, and, where it is short, over: clients look once at
// once and then only every 5 to 30 seconds, so waiting up to two seconds here saves them that.
Answer settle(Desk& desk, Stack stack, std::string result);

// Page tokens.
std::string write_token(std::string_view place);
Outcome<std::string> read_token(const json::object& input);

}  // namespace ads::cloud::cloudformation
