#include "cloud/cloudformation/begin.h"

#include "base/ids.h"
#include "cloud/cloudformation/errors.h"
#include "cloud/cloudformation/run.h"

namespace ads::cloud::cloudformation {
namespace {

Operation new_operation(const Desk& desk, const Stack& stack, OperationKind kind) {
  Operation operation{.region = stack.region, .uuid = stack.uuid, .id = random_uuid(), .kind = kind};
  operation.client_token = stack.client_token;
  operation.started = desk.stacks.now();
  return operation;
}

Outcome<void> write_and_begin(Desk& desk, const Stack& stack, const Operation& operation, Batch batch) {
  desk.stacks.put(batch, stack);
  desk.stacks.note(batch, stack);
  desk.stacks.put(batch, operation);
  if (auto applied = desk.stacks.store().apply(std::move(batch)); !applied)
    return refuse(internal_failure(applied.error()));
  desk.engine.begin(stack.region, stack.uuid);
  return {};
}

// What a failed operation left keeps on meaning what it meant then, whichever operation comes next.
void carry_over(Desk& desk, Batch& batch, const Stack& stack, const Operation* parked) {
  for (auto& [_, resource] : desk.stacks.resources(stack)) {
    Resource carried = resource;
    if (parked == nullptr) {  // of a creation: there was nothing before
      if (carried.touch != Touch::import) carried.touch = Touch::create;
      carried.before.reset();
    } else if (resource.operation != parked->id && !resource.is_carried) {
      continue;
    }
    carried.is_carried = true;
    desk.stacks.put(batch, stack, carried);
  }
}

}  // namespace

Outcome<void> may_update(const Stack& stack) {
  static const std::set<std::string_view> kReady = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE",
                                                    "CREATE_FAILED", "UPDATE_FAILED"};
  if (kReady.contains(stack.status)) return {};
  return refuse(validation(fmt::format("Stack:{} is in {} state and can not be updated.", stack.id, stack.status)));
}

Outcome<void> begin_create(Desk& desk, Stack& stack, Prepared prepared, Conduct conduct) {
  stack.definition = std::move(prepared.definition);
  stack.description = prepared.parsed.description;
  stack.status = "CREATE_IN_PROGRESS";
  stack.reason = "User Initiated";
  auto operation = new_operation(desk, stack, OperationKind::create);
  operation.conduct = conduct;
  operation.imports = std::move(prepared.imports);
  Batch batch;
  desk.stacks.take_name(batch, stack);
  return write_and_begin(desk, stack, operation, std::move(batch));
}

Outcome<void> begin_update(Desk& desk, Stack& stack, Prepared prepared, Conduct conduct) {
  auto operation = new_operation(desk, stack, OperationKind::update);
  operation.conduct = conduct;
  operation.imports = std::move(prepared.imports);
  operation.previous = std::exchange(stack.definition, std::move(prepared.definition));
  Batch batch;
  if (stack.status == "CREATE_FAILED") {
    operation.previous = {};
    carry_over(desk, batch, stack, nullptr);
  } else if (const auto parked = desk.stacks.parked(stack)) {
    operation.previous = parked->previous;
    operation.doomed = parked->doomed;
    carry_over(desk, batch, stack, &*parked);
  }
  stack.description = prepared.parsed.description;
  stack.status = "UPDATE_IN_PROGRESS";
  stack.reason = "User Initiated";
  stack.updated = desk.stacks.now();
  return write_and_begin(desk, stack, operation, std::move(batch));
}

Outcome<void> begin_delete(Desk& desk, Stack& stack, const std::set<std::string>& retained) {
  auto operation = new_operation(desk, stack, OperationKind::remove);
  operation.phase = Phase::cleanup;
  operation.final_status = "DELETE_COMPLETE";
  operation.failed_status = "DELETE_FAILED";
  const auto resources = desk.stacks.resources(stack);
  for (const auto& name : retained) {
    if (resources.contains(name)) continue;
    return refuse(
        validation(fmt::format("Resource [{}] in RetainResources is not one of stack [{}].", name, stack.name)));
  }
  if (const auto parked = desk.stacks.parked(stack)) operation.doomed = parked->doomed;
  doom_everything(operation, resources, Occasion::deletion, retained);
  stack.status = "DELETE_IN_PROGRESS";
  stack.reason = "User Initiated";
  return write_and_begin(desk, stack, operation, {});
}

Outcome<void> begin_rollback(Desk& desk, Stack& stack, Conduct conduct) {
  if (stack.status == "UPDATE_FAILED") {
    auto parked = desk.stacks.parked(stack);
    if (!parked) return refuse(500, "InternalFailure", "What the update changed is not on record.");
    parked->conduct = conduct;
    parked->phase = Phase::revert;
    const bool is_to_nothing = parked->previous.template_text.empty();
    stack.status = is_to_nothing ? "ROLLBACK_IN_PROGRESS" : "UPDATE_ROLLBACK_IN_PROGRESS";
    stack.reason = "User Initiated";
    return write_and_begin(desk, stack, *parked, {});
  }
  if (stack.status != "CREATE_FAILED") {
    return refuse(
        validation(fmt::format("Stack:{} is in {} state and can not be rolled back: only CREATE_FAILED and "
                               "UPDATE_FAILED can.",
                               stack.id, stack.status)));
  }
  auto operation = new_operation(desk, stack, OperationKind::create);
  operation.conduct = conduct;
  operation.phase = Phase::cleanup;
  operation.final_status = "ROLLBACK_COMPLETE";
  operation.failed_status = "ROLLBACK_FAILED";
  doom_everything(operation, desk.stacks.resources(stack), Occasion::rollback_of_creation);
  stack.status = "ROLLBACK_IN_PROGRESS";
  stack.reason = "User Initiated";
  return write_and_begin(desk, stack, operation, {});
}

Outcome<void> continue_rollback(Desk& desk, Stack& stack, const std::set<std::string>& skipped) {
  auto parked = desk.stacks.parked(stack);
  if (stack.status != "UPDATE_ROLLBACK_FAILED" || !parked) {
    return refuse(validation(
        fmt::format("Stack:{} is in {} state and can not continue update rollback.", stack.id, stack.status)));
  }
  Batch batch;
  auto resources = desk.stacks.resources(stack);
  for (const auto& name : skipped) {
    const auto found = resources.find(name);
    const bool has_failed = found != resources.end() && found->second.status == "UPDATE_FAILED" && found->second.before;
    if (!has_failed) {
      return refuse(
          validation(fmt::format("ResourcesToSkip: [{}] is not one of the resources that failed to roll back.", name)));
    }
    auto& resource = found->second;
    resource.now = *resource.before;
    resource.stage = Stage::reverted;
    resource.status = "UPDATE_COMPLETE";
    resource.reason = "Resource was skipped by the rollback";
    resource.changed = desk.stacks.now();
    desk.stacks.put(batch, stack, resource);
    desk.stacks.note(batch, stack, resource);
  }
  parked->phase = Phase::revert;
  parked->failed.clear();
  stack.status = "UPDATE_ROLLBACK_IN_PROGRESS";
  stack.reason = "User Initiated";
  return write_and_begin(desk, stack, *parked, std::move(batch));
}

Outcome<bool> refuse_deletion_of_exports(Desk& desk, Stack& stack) {
  for (const auto& exported : desk.stacks.exports(stack.region)) {
    if (exported.stack_uuid != stack.uuid) continue;
    const auto users = desk.stacks.importers(stack.region, exported.name);
    if (users.empty()) continue;
    Batch batch;
    auto shown = stack;
    shown.status = "DELETE_IN_PROGRESS";
    shown.reason = "User Initiated";
    desk.stacks.note(batch, shown);
    stack.reason =
        fmt::format("Delete canceled. Cannot delete export {} as it is in use by {}.", exported.name, users.front());
    desk.stacks.put(batch, stack);
    desk.stacks.note(batch, stack);
    if (auto applied = desk.stacks.store().apply(std::move(batch)); !applied) {
      return refuse(internal_failure(applied.error()));
    }
    return true;
  }
  return false;
}

}  // namespace ads::cloud::cloudformation
