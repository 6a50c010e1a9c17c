// CreateStack, UpdateStack, DeleteStack, UpdateTerminationProtection; rollbacks are in rollbacks.cc.
#include <charconv>

#include "base/ids.h"
#include "cloud/cloudformation/actions/input.h"
#include "cloud/cloudformation/begin.h"
#include "cloud/cloudformation/errors.h"

namespace ads::cloud::cloudformation {
namespace {

Outcome<int> timeout_minutes(const json::object& input) {
  const auto given = text(input, "TimeoutInMinutes");
  if (given.empty()) return 0;
  int minutes = 0;
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), minutes);
  if (error != std::errc{} || end != given.data() + given.size() || minutes < 1) {
    return refuse(validation("TimeoutInMinutes must be a number of at least 1."));
  }
  return minutes;
}

Outcome<std::string> on_failure(const json::object& input) {
  const auto given = text(input, "OnFailure");
  const auto disabled = text(input, "DisableRollback");
  if (!given.empty() && !disabled.empty()) {
    return refuse(validation("Either OnFailure or DisableRollback can be specified, not both."));
  }
  if (disabled == "true") return std::string("DO_NOTHING");
  if (given.empty()) return std::string("ROLLBACK");
  if (given != "ROLLBACK" && given != "DO_NOTHING" && given != "DELETE") {
    return refuse(
        validation(fmt::format("1 validation error detected: Value '{}' at 'onFailure' failed to satisfy "
                               "constraint: Member must satisfy enum value set: [ROLLBACK, DO_NOTHING, DELETE]",
                               given)));
  }
  return given;
}

}  // namespace

Answer create_stack(Desk& desk, Call& call, json::object input) {
  auto name = stack_name(input);
  if (!name) co_return refuse(name.error());
  if (auto supported = refuse_unsupported(input); !supported) co_return refuse(supported.error());
  auto minutes = timeout_minutes(input);
  if (!minutes) co_return refuse(minutes.error());
  auto failure = on_failure(input);
  if (!failure) co_return refuse(failure.error());
  auto template_text = co_await read_template_text(desk, call, input, nullptr);
  if (!template_text) co_return refuse(template_text.error());

  for (;;) {
    if (const auto existing = desk.stacks.find(call.region, *name)) {
      const auto retried = is_retry(*existing, input, "CreateStack");
      if (!retried) co_return refuse(retried.error());
      if (*retried) co_return members({{"StackId", existing->id}});
      co_return refuse(stack_exists(*name));
    }
    auto stack = new_stack(desk, call, *name);
    auto prepared = co_await prepare_definition(desk, input, *template_text, stack);
    if (!prepared) co_return refuse(prepared.error());
    if (!is_as_read(desk, stack)) continue;  // another request took the name
    stack.on_failure = *failure;
    stack.timeout_minutes = *minutes;
    stack.is_protected = text(input, "EnableTerminationProtection") == "true";
    stack.role_arn = text(input, "RoleARN");
    stack.client_token = text(input, "ClientRequestToken");
    stack.token_action = "CreateStack";
    if (auto begun = begin_create(desk, stack, *std::move(prepared), conduct_of(input)); !begun)
      co_return refuse(begun.error());
    co_return co_await settle(desk, stack, members({{"StackId", stack.id}}));
  }
}

Answer update_stack(Desk& desk, Call& call, json::object input) {
  if (auto supported = refuse_unsupported(input); !supported) co_return refuse(supported.error());
  const auto before = named_stack(desk, call, input);
  if (!before) {
    co_return refuse(validation(fmt::format("Stack [{}] does not exist", text(input, "StackName"))));
  }
  auto template_text =
      co_await read_template_text(desk, call, input, text(input, "UsePreviousTemplate") == "true" ? &*before : nullptr);
  if (!template_text) co_return refuse(template_text.error());

  for (;;) {
    auto stack = named_stack(desk, call, input);
    if (!stack) co_return refuse(stack.error());
    const auto retried = is_retry(*stack, input, "UpdateStack");
    if (!retried) co_return refuse(retried.error());
    if (*retried) co_return members({{"StackId", stack->id}});
    if (auto can = may_update(*stack); !can) co_return refuse(can.error());
    auto prepared = co_await prepare_definition(desk, input, *template_text, *stack);
    if (!is_as_read(desk, *stack)) continue;  // another request changed it
    if (!prepared) co_return refuse(prepared.error());
    if (prepared->plan.is_empty) co_return refuse(validation("No updates are to be performed."));
    stack->client_token = text(input, "ClientRequestToken");
    stack->token_action = "UpdateStack";
    if (const auto role = text(input, "RoleARN"); !role.empty()) stack->role_arn = role;
    if (auto begun = begin_update(desk, *stack, *std::move(prepared), conduct_of(input)); !begun)
      co_return refuse(begun.error());
    co_return co_await settle(desk, *stack, members({{"StackId", stack->id}}));
  }
}

Answer delete_stack(Desk& desk, Call& call, json::object input) {
  auto stack = named_stack(desk, call, input);
  if (!stack) {
    if (text(input, "StackName").empty()) co_return refuse(stack.error());
    co_return std::string();  // deleting what is not there succeeds
  }
  if (text(input, "DeletionMode") == "FORCE_DELETE_STACK")
    co_return refuse(unsupported("DeletionMode FORCE_DELETE_STACK"));
  if (stack->status == "DELETE_COMPLETE" || stack->status == "DELETE_IN_PROGRESS") co_return std::string();
  if (stack->is_protected) {
    co_return refuse(
        validation(fmt::format("Stack [{}] cannot be deleted while TerminationProtection is enabled", stack->name)));
  }
  if (stack->status == "CREATE_IN_PROGRESS") {
    auto stopped = desk.engine.interrupt(*stack, Interruption::remove, text(input, "ClientRequestToken"));
    if (!stopped) co_return refuse(stopped.error());
    co_return co_await settle(desk, *stack, std::string());
  }
  if (is_in_progress(stack->status) && stack->status != "REVIEW_IN_PROGRESS") {
    co_return refuse(
        validation(fmt::format("Stack [{}] cannot be deleted while in status {}", stack->name, stack->status)));
  }
  const auto retained = list(input, "RetainResources");
  if (!retained.empty() && stack->status != "DELETE_FAILED") {
    co_return refuse(validation(
        fmt::format("Invalid operation on stack [{}]. Only stacks in the DELETE_FAILED state can have RetainResources.",
                    stack->name)));
  }
  std::set<std::string> kept;
  for (const auto& name : retained) kept.emplace(name.is_string() ? std::string_view(name.as_string()) : "");
  const auto is_refused = refuse_deletion_of_exports(desk, *stack);
  if (!is_refused) co_return refuse(is_refused.error());
  if (*is_refused) co_return co_await settle(desk, *stack, std::string());
  stack->client_token = text(input, "ClientRequestToken");
  stack->token_action = "DeleteStack";
  if (auto begun = begin_delete(desk, *stack, kept); !begun) co_return refuse(begun.error());
  co_return co_await settle(desk, *stack, std::string());
}

Answer update_termination_protection(Desk& desk, Call& call, json::object input) {
  auto stack = named_stack(desk, call, input);
  if (!stack) co_return refuse(stack.error());
  if (is_in_progress(stack->status)) {
    co_return refuse(
        validation(fmt::format("Stack [{}] is in {}: wait until it has ended.", stack->name, stack->status)));
  }
  stack->is_protected = text(input, "EnableTerminationProtection") == "true";
  Batch batch;
  desk.stacks.put(batch, *stack);
  if (auto written = co_await desk.stacks.store().commit(std::move(batch)); !written) {
    co_return refuse(internal_failure(written.error()));
  }
  co_return members({{"StackId", stack->id}});
}

}  // namespace ads::cloud::cloudformation
