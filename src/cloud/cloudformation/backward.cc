// Rollback and clean-up: what an operation made is taken back, what it replaced is deleted.
#include "cloud/cloudformation/errors.h"
#include "cloud/cloudformation/run.h"

namespace ads::cloud::cloudformation {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

Task<bool> Engine::fail_forward(RunPtr run) {
  auto& operation = run->operation;
  auto& stack = run->stack;
  const auto failed = run->failed_resources;
  operation.reason = failed.empty()
                         ? run->failure
                         : fmt::format("The following resource(s) failed to {}: [{}].",
                                       operation.kind == OperationKind::create ? "create" : "update", joined(failed));
  Batch batch;
  if (operation.kind == OperationKind::update) {
    operation.phase = Phase::revert;
    run->set_status("UPDATE_ROLLBACK_IN_PROGRESS", operation.reason);
  } else {
    if (stack.on_failure == "DO_NOTHING") co_return co_await finish(run, "CREATE_FAILED", operation.reason);
    operation.phase = Phase::cleanup;
    const bool is_delete = stack.on_failure == "DELETE";
    operation.final_status = is_delete ? "DELETE_COMPLETE" : "ROLLBACK_COMPLETE";
    operation.failed_status = is_delete ? "DELETE_FAILED" : "ROLLBACK_FAILED";
    run->set_status(is_delete ? "DELETE_IN_PROGRESS" : "ROLLBACK_IN_PROGRESS",
                    operation.reason + (is_delete ? " Delete requested by user." : " Rollback requested by user."));
    for (const auto& logical_id : removal_order(run->resources)) {
      const auto& resource = run->resources.at(logical_id);
      const bool retains = resource.now.deletion_policy == DeletionPolicy::retain;
      operation.doomed.push_back({logical_id, resource.type, resource.now.state.physical_id, resource.now.properties,
                                  resource.now.needs, retains ? Doomed::Fate::retain : Doomed::Fate::remove,
                                  Doomed::Record::keep});
    }
  }
  stacks_.put(batch, stack);
  stacks_.note(batch, stack);
  stacks_.put(batch, operation);
  co_return co_await commit(std::move(batch));
}

Task<bool> Engine::revert(RunPtr run) {
  auto& operation = run->operation;
  auto order = removal_order(run->resources);
  std::ranges::reverse(order);
  for (const auto& logical_id : order) {
    auto& resource = run->resources.at(logical_id);
    if (resource.operation != operation.id || !resource.before || resource.stage == Stage::reverted) continue;
    auto reverted = co_await revert_resource(run, resource);
    if (!reverted) {
      co_return co_await finish(
          run, "UPDATE_ROLLBACK_FAILED",
          fmt::format("The following resource(s) failed to update: [{}]. {}", logical_id, reverted.error().message));
    }
  }
  // What the update had made goes now: new resources and replacements.
  Batch batch;
  for (const auto& logical_id : removal_order(run->resources)) {
    const auto& resource = run->resources.at(logical_id);
    if (resource.operation != operation.id || resource.touch != Touch::create) continue;
    operation.doomed.push_back(
        {logical_id, resource.type, resource.now.state.physical_id, resource.now.properties, resource.now.needs,
         resource.now.deletion_policy == DeletionPolicy::retain ? Doomed::Fate::retain : Doomed::Fate::remove,
         Doomed::Record::forget});
  }
  operation.phase = Phase::cleanup;
  operation.final_status = operation.failed_status = "UPDATE_ROLLBACK_COMPLETE";
  run->stack.definition = operation.previous;
  if (auto previous = read_template(operation.previous.template_text)) {
    run->stack.description = previous->description;
  }
  if (!operation.doomed.empty()) {
    run->set_status("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "");
    stacks_.note(batch, run->stack);
  }
  stacks_.put(batch, run->stack);
  stacks_.put(batch, operation);
  co_return co_await commit(std::move(batch));
}

Task<Outcome<void>> Engine::revert_resource(RunPtr run, Resource& resource) {
  Batch batch;
  const auto after = resource.now;
  if (resource.touch == Touch::update) {  // also where the update failed: it may have changed something
    resource.status = "UPDATE_IN_PROGRESS";
    resource.reason.clear();
    Batch begun;
    stacks_.put(begun, run->stack, resource);
    stacks_.note(begun, run->stack, resource);
    if (!co_await commit(std::move(begun))) co_return refuse(500, "InternalFailure", "the disk refused");
    auto before_context = context(*run, resource.logical_id, "revert");
    before_context.tags = run->operation.previous.tags;
    auto made = co_await types_.at(resource.type)
                    ->update(std::move(before_context), resource.before->state.physical_id, after.properties,
                             resource.before->properties);
    if (!made) {
      resource.status = "UPDATE_FAILED";
      resource.reason = made.error().message;
      stacks_.put(batch, run->stack, resource);
      stacks_.note(batch, run->stack, resource);
      co_await commit(std::move(batch));
      co_return refuse(made.error());
    }
    resource.before->state = *std::move(made);
  } else if (resource.touch == Touch::replace && !after.state.physical_id.empty() &&
             after.state.physical_id != resource.before->state.physical_id) {
    run->operation.doomed.push_back({resource.logical_id, resource.type, after.state.physical_id, after.properties,
                                     after.needs, Doomed::Fate::remove, Doomed::Record::keep});
    stacks_.put(batch, run->operation);
  }
  resource.now = *resource.before;
  resource.stage = Stage::reverted;
  resource.changed = stacks_.now();
  resource.reason.clear();
  if (resource.touch != Touch::nothing) {
    resource.status = "UPDATE_COMPLETE";
    stacks_.note(batch, run->stack, resource);
  }
  stacks_.put(batch, run->stack, resource);
  if (!co_await commit(std::move(batch))) co_return refuse(500, "InternalFailure", "the disk refused");
  co_return Outcome<void>{};
}

Task<bool> Engine::clean_up(RunPtr run) {
  auto& operation = run->operation;
  auto& stack = run->stack;
  if (operation.kind == OperationKind::remove) {
    for (const auto& exported : stacks_.exports(stack.region)) {
      if (exported.stack_uuid != stack.uuid) continue;
      const auto users = stacks_.importers(stack.region, exported.name);
      if (users.empty()) continue;
      co_return co_await finish(
          run, "DELETE_FAILED",
          fmt::format("Export {} cannot be deleted as it is in use by {}", exported.name, users.front()));
    }
  }
  std::set<std::string> blocked;  // what something needs that could not be deleted
  while (!operation.doomed.empty()) {
    const auto doomed = operation.doomed.front();
    auto& resource = run->resources[doomed.logical_id];
    auto shown = resource;  // of a replaced resource the events show the old one, its record stays the new one
    shown.logical_id = doomed.logical_id;
    shown.type = doomed.type;
    shown.now.state.physical_id = doomed.physical_id;
    shown.now.properties = doomed.properties;
    shown.changed = stacks_.now();
    shown.reason.clear();
    const bool is_whole = operation.kind != OperationKind::update || doomed.record == Doomed::Record::forget;
    const auto write_down = [&](Batch& batch, std::string status) {
      shown.status = std::move(status);
      stacks_.note(batch, stack, shown);
      if (is_whole) {
        resource = shown;
        stacks_.put(batch, stack, resource);
      }
    };
    Outcome<void> removed;
    const bool is_blocked = blocked.contains(doomed.logical_id);
    const bool is_kept = doomed.fate == Doomed::Fate::retain;
    if (!is_blocked && !is_kept && !doomed.physical_id.empty()) {
      Batch begun;
      write_down(begun, "DELETE_IN_PROGRESS");
      if (!co_await commit(std::move(begun))) co_return false;
      removed = co_await types_.at(doomed.type)
                    ->remove(context(*run, doomed.logical_id, "remove"), doomed.physical_id, doomed.properties);
    }
    Batch batch;
    if (!removed) {
      shown.reason = fmt::format("Resource handler returned message: \"{}\" (HandlerErrorCode: {})",
                                 removed.error().message, removed.error().code);
      write_down(batch, "DELETE_FAILED");
      operation.failed.push_back(doomed.logical_id);
    } else if (!is_blocked) {
      write_down(batch, is_kept ? "DELETE_SKIPPED" : "DELETE_COMPLETE");
      if (doomed.record == Doomed::Record::forget) {
        stacks_.remove(batch, stack, doomed.logical_id);
        run->resources.erase(doomed.logical_id);
      }
    }
    if (!removed || is_blocked) blocked.insert(doomed.needs.begin(), doomed.needs.end());
    operation.doomed.erase(operation.doomed.begin());
    stacks_.put(batch, operation);
    if (!co_await commit(std::move(batch))) co_return false;
  }
  if (operation.failed.empty()) co_return co_await finish(run, operation.final_status, "");
  co_return co_await finish(
      run, operation.failed_status,
      operation.failed_status == operation.final_status
          ? ""
          : fmt::format("The following resource(s) failed to delete: [{}].", joined(operation.failed)));
}

}  // namespace ads::cloud::cloudformation
