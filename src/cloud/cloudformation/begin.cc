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

}  // namespace

Outcome<void> may_update(const Stack& stack) {
  static const std::set<std::string_view> kReady = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"};
  if (kReady.contains(stack.status)) return {};
  return refuse(validation(fmt::format("Stack:{} is in {} state and can not be updated.", stack.id, stack.status)));
}

Outcome<void> begin_create(Desk& desk, Stack& stack, Prepared prepared) {
  stack.definition = std::move(prepared.definition);
  stack.description = prepared.parsed.description;
  stack.status = "CREATE_IN_PROGRESS";
  stack.reason = "User Initiated";
  Batch batch;
  desk.stacks.take_name(batch, stack);
  return write_and_begin(desk, stack, new_operation(desk, stack, OperationKind::create), std::move(batch));
}

Outcome<void> begin_update(Desk& desk, Stack& stack, Prepared prepared) {
  auto operation = new_operation(desk, stack, OperationKind::update);
  operation.previous = std::exchange(stack.definition, std::move(prepared.definition));
  stack.description = prepared.parsed.description;
  stack.status = "UPDATE_IN_PROGRESS";
  stack.reason = "User Initiated";
  stack.updated = desk.stacks.now();
  return write_and_begin(desk, stack, operation, {});
}

Outcome<void> begin_delete(Desk& desk, Stack& stack, const std::set<std::string>& retained) {
  auto operation = new_operation(desk, stack, OperationKind::remove);
  operation.phase = Phase::cleanup;
  operation.final_status = "DELETE_COMPLETE";
  operation.failed_status = "DELETE_FAILED";
  const auto resources = desk.stacks.resources(stack);
  for (const auto& logical_id : removal_order(resources)) {
    const auto& resource = resources.at(logical_id);
    if (resource.status == "DELETE_COMPLETE" || resource.status == "DELETE_SKIPPED") continue;
    // Besides what it is now, an operation that ended badly may have left what it was before.
    if (resource.before && resource.before->state.physical_id != resource.now.state.physical_id) {
      operation.doomed.push_back({logical_id, resource.type, resource.before->state.physical_id,
                                  resource.before->properties, resource.before->needs});
    }
    const bool is_kept = retained.contains(logical_id) || resource.now.deletion_policy != DeletionPolicy::remove;
    operation.doomed.push_back({logical_id, resource.type, resource.now.state.physical_id, resource.now.properties,
                                resource.now.needs, is_kept ? Doomed::Fate::retain : Doomed::Fate::remove});
  }
  stack.status = "DELETE_IN_PROGRESS";
  stack.reason = "User Initiated";
  return write_and_begin(desk, stack, operation, {});
}

}  // namespace ads::cloud::cloudformation
