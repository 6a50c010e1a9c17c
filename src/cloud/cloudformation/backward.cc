// Rollback and clean-up: what an operation made is taken back, what it replaced is deleted.
#include "cloud/cloudformation/errors.h"
#include "cloud/cloudformation/run.h"

namespace ads::cloud::cloudformation {
namespace {

std::string sentence_of(const WireError& error) {
  return fmt::format("Resource handler returned message: \"{}\" (HandlerErrorCode: {})", error.message, error.code);
}

Doomed other_version(const Resource& resource, const ResourceVersion& version, Doomed::Fate fate) {
  return {resource.logical_id, resource.type, version.state.physical_id, version.properties,
          version.needs,       fate,          Doomed::Record::other};
}

bool outlives_rollback(const Resource& resource, const Conduct& conduct) {
  if (resource.touch == Touch::import) return true;  // it was there before the operation
  return resource.now.deletion_policy == DeletionPolicy::retain && !conduct.removes_retained;
}

}  // namespace

void doom_superseded(Operation& operation, const Resource& resource) {
  if (const auto* version = resource.superseded()) {
    operation.doomed.push_back(other_version(resource, *version, Doomed::Fate::remove));
  }
}

void doom_everything(Operation& operation, const Resources& resources, Occasion occasion,
                     const std::set<std::string>& retained) {
  for (const auto& logical_id : removal_order(resources)) {
    const auto& resource = resources.at(logical_id);
    doom_superseded(operation, resource);
    // Besides what it is now, an operation that ended badly may have left what it was before.
    if (resource.before && resource.before->exists() &&
        resource.before->state.physical_id != resource.now.state.physical_id) {
      const bool stays = resource.before->deletion_policy != DeletionPolicy::remove;
      operation.doomed.push_back(
          other_version(resource, *resource.before, stays ? Doomed::Fate::retain : Doomed::Fate::remove));
    }
    if (resource.status == "DELETE_COMPLETE" || resource.status == "DELETE_SKIPPED") continue;
    const bool is_kept = occasion == Occasion::deletion ? resource.now.deletion_policy != DeletionPolicy::remove
                                                        : outlives_rollback(resource, operation.conduct);
    // What was never made has nothing to keep.
    const bool stays = retained.contains(logical_id) || (is_kept && resource.now.exists());
    operation.doomed.push_back({logical_id, resource.type, resource.now.state.physical_id, resource.now.properties,
                                resource.now.needs, stays ? Doomed::Fate::retain : Doomed::Fate::remove});
  }
}

void Engine::begin_revert(Run& run) {
  run.operation.phase = Phase::revert;
  const bool was_interrupted = run.operation.interruption == Interruption::cancel;
  // To nothing: the creation had failed and was not rolled back either.
  const bool is_to_nothing = run.operation.previous.template_text.empty();
  if (!was_interrupted) {
    run.set_status(is_to_nothing ? "ROLLBACK_IN_PROGRESS" : "UPDATE_ROLLBACK_IN_PROGRESS", run.operation.reason);
  }
}

Task<bool> Engine::fail_forward(RunPtr run) {
  auto& operation = run->operation;
  auto& stack = run->stack;
  const auto failed = run->failed_resources;
  operation.reason = failed.empty()
                         ? run->failure
                         : fmt::format("The following resource(s) failed to {}: [{}].",
                                       operation.kind == OperationKind::create ? "create" : "update", joined(failed));
  Batch batch;
  if (operation.interruption == Interruption::remove) {
    operation.kind = OperationKind::remove;
    operation.phase = Phase::cleanup;
    operation.final_status = "DELETE_COMPLETE";
    operation.failed_status = "DELETE_FAILED";
    doom_everything(operation, run->resources, Occasion::rollback_of_creation);
  } else if (operation.kind == OperationKind::update) {
    if (operation.conduct.keeps_failed && operation.interruption == Interruption::none) {
      co_return co_await finish(run, "UPDATE_FAILED", operation.reason);
    }
    begin_revert(*run);
    if (operation.interruption == Interruption::none) stacks_.note(batch, stack);
  } else {
    if (stack.on_failure == "DO_NOTHING") co_return co_await finish(run, "CREATE_FAILED", operation.reason);
    operation.phase = Phase::cleanup;
    const bool is_delete = stack.on_failure == "DELETE";
    operation.final_status = is_delete ? "DELETE_COMPLETE" : "ROLLBACK_COMPLETE";
    operation.failed_status = is_delete ? "DELETE_FAILED" : "ROLLBACK_FAILED";
    run->set_status(is_delete ? "DELETE_IN_PROGRESS" : "ROLLBACK_IN_PROGRESS",
                    operation.reason + (is_delete ? " Delete requested by user." : " Rollback requested by user."));
    doom_everything(operation, run->resources, Occasion::rollback_of_creation);
    stacks_.note(batch, stack);
  }
  stacks_.put(batch, stack);
  stacks_.put(batch, operation);
  co_return co_await commit(std::move(batch));
}

Task<bool> Engine::revert(RunPtr run) {
  auto& operation = run->operation;
  const auto removal = removal_order(run->resources);
  auto order = removal;
  std::ranges::reverse(order);
  const auto is_mine = [&](const Resource& resource) {
    return resource.operation == operation.id || resource.is_carried;
  };
  for (const auto& logical_id : order) {
    auto& resource = run->resources.at(logical_id);
    if (!is_mine(resource) || !resource.before || resource.stage == Stage::reverted) continue;
    auto reverted = co_await revert_resource(run, resource);
    if (!reverted) {
      co_return co_await finish(
          run, "UPDATE_ROLLBACK_FAILED",
          fmt::format("The following resource(s) failed to update: [{}]. {}", logical_id, reverted.error().message));
    }
  }
  // What the update had made goes now: new resources and replacements.
  Batch batch;
  for (const auto& logical_id : removal) {
    const auto& resource = run->resources.at(logical_id);
    if (!is_mine(resource) || (resource.touch != Touch::create && resource.touch != Touch::import)) continue;
    doom_superseded(operation, resource);
    operation.doomed.push_back(
        {logical_id, resource.type, resource.now.state.physical_id, resource.now.properties, resource.now.needs,
         resource.now.exists() && outlives_rollback(resource, operation.conduct) ? Doomed::Fate::retain
                                                                                 : Doomed::Fate::remove,
         Doomed::Record::forget});
  }
  // Replacements were put down in the order in which they were taken back: users go before what they use.
  std::vector<Doomed> doomed;
  for (const auto& logical_id : removal) {
    for (auto& each : operation.doomed) {
      if (each.logical_id == logical_id) doomed.push_back(each);
    }
  }
  operation.doomed = std::move(doomed);
  operation.phase = Phase::cleanup;
  if (operation.previous.template_text.empty()) {
    operation.final_status = "ROLLBACK_COMPLETE";
    operation.failed_status = "ROLLBACK_FAILED";
  } else {
    operation.final_status = operation.failed_status = "UPDATE_ROLLBACK_COMPLETE";
    run->stack.definition = operation.previous;
    auto previous = co_await work_thread_.run([&] { return read_template(operation.previous.template_text); });
    if (previous) {
      run->stack.description = previous->description;
    }
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
  } else if (resource.touch == Touch::replace && after.exists() &&
             after.state.physical_id != resource.before->state.physical_id) {
    run->operation.doomed.push_back(other_version(resource, after, Doomed::Fate::remove));
  }
  doom_superseded(run->operation, resource);
  stacks_.put(batch, run->operation);
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
  std::set<std::string> blocked;  // what something needs that could not be deleted
  while (!operation.doomed.empty()) {
    const auto doomed = operation.doomed.front();
    auto& resource = run->resources[doomed.logical_id];
    auto shown = resource;  // of a replaced resource the events show the old one, its record stays the new one
    shown.logical_id = doomed.logical_id;
    shown.type = doomed.type;
    shown.now.state.physical_id = doomed.physical_id;
    if (doomed.record == Doomed::Record::other) {
      shown.now.properties = doomed.properties;
      shown.now.written.reset();
      shown.now.shown.reset();
    }
    shown.changed = stacks_.now();
    shown.reason.clear();
    const bool is_whole = doomed.record == Doomed::Record::forget ||
                          (doomed.record == Doomed::Record::keep && operation.kind != OperationKind::update);
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
      shown.reason = sentence_of(removed.error());
      write_down(batch, "DELETE_FAILED");
      operation.failed.push_back(doomed.logical_id);
    } else if (!is_blocked) {
      write_down(batch, is_kept ? "DELETE_SKIPPED" : "DELETE_COMPLETE");
      if (doomed.record == Doomed::Record::forget) {
        stacks_.remove(batch, stack, doomed.logical_id);
        run->resources.erase(doomed.logical_id);
      } else if (doomed.record == Doomed::Record::other && operation.kind == OperationKind::remove) {
        for (auto* version : {&resource.before, &resource.from}) {
          if (*version && (*version)->state.physical_id == doomed.physical_id) version->reset();
        }
        stacks_.put(batch, stack, resource);
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
