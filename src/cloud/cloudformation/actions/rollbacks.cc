// CancelUpdateStack, ContinueUpdateRollback, RollbackStack: ways back from an update that goes or went wrong.
#include "cloud/cloudformation/actions/input.h"
#include "cloud/cloudformation/begin.h"
#include "cloud/cloudformation/errors.h"

namespace ads::cloud::cloudformation {

Answer cancel_update_stack(Desk& desk, Call& call, json::object input) {
  auto stack = named_stack(desk, call, input);
  if (!stack) co_return refuse(stack.error());
  const auto retried = is_retry(*stack, input, "CancelUpdateStack");
  if (!retried) co_return refuse(retried.error());
  if (*retried) co_return std::string();
  if (stack->status != "UPDATE_IN_PROGRESS") {
    co_return refuse(validation("CancelUpdateStack cannot be called from current stack status"));
  }
  auto stopped = desk.engine.interrupt(*stack, Interruption::cancel, text(input, "ClientRequestToken"));
  if (!stopped) co_return refuse(stopped.error());
  co_return co_await settle(desk, *stack, std::string());
}

Answer continue_update_rollback(Desk& desk, Call& call, json::object input) {
  auto stack = named_stack(desk, call, input);
  if (!stack) co_return refuse(stack.error());
  const auto retried = is_retry(*stack, input, "ContinueUpdateRollback");
  if (!retried) co_return refuse(retried.error());
  if (*retried) co_return std::string("\n");
  std::set<std::string> skipped;
  for (const auto& name : list(input, "ResourcesToSkip")) {
    skipped.emplace(name.is_string() ? std::string_view(name.as_string()) : "");
  }
  stack->client_token = text(input, "ClientRequestToken");
  stack->token_action = "ContinueUpdateRollback";
  if (auto begun = continue_rollback(desk, *stack, skipped); !begun) co_return refuse(begun.error());
  co_return co_await settle(desk, *stack, std::string("\n"));
}

Answer rollback_stack(Desk& desk, Call& call, json::object input) {
  auto stack = named_stack(desk, call, input);
  if (!stack) co_return refuse(stack.error());
  const auto retried = is_retry(*stack, input, "RollbackStack");
  if (!retried) co_return refuse(retried.error());
  if (*retried) co_return members({{"StackId", stack->id}});
  stack->client_token = text(input, "ClientRequestToken");
  stack->token_action = "RollbackStack";
  if (auto begun = begin_rollback(desk, *stack, conduct_of(input)); !begun) co_return refuse(begun.error());
  co_return co_await settle(desk, *stack, members({{"StackId", stack->id}}));
}

}  // namespace ads::cloud::cloudformation
