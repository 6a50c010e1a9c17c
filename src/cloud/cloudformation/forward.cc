// The forward phase: every resource in the order of its needs, independent ones at the same time.
#include "cloud/cloudformation/errors.h"
#include "cloud/cloudformation/run.h"

namespace ads::cloud::cloudformation {
namespace {

constexpr std::size_t kMostInFlight = 16;

std::string sentence_of(const WireError& error) {
  return fmt::format("Resource handler returned message: \"{}\" (HandlerErrorCode: {})", error.message, error.code);
}

}  // namespace

Task<bool> Engine::go_forward(RunPtr run) {
  for (const auto& [logical_id, _] : run->graph) {
    const auto found = run->resources.find(logical_id);
    if (found == run->resources.end() || found->second.operation != run->operation.id) continue;
    if (found->second.stage == Stage::done) {
      run->started.insert(logical_id);
      run->finished.insert(logical_id);
    } else if (found->second.stage == Stage::failed) {
      run->started.insert(logical_id);
      run->failure = found->second.reason;
      run->failed_resources.push_back(logical_id);
    }
  }
  const auto limit = std::chrono::minutes(run->stack.timeout_minutes);
  while (true) {
    const bool is_late = run->operation.kind == OperationKind::create && limit.count() > 0 &&
                         stacks_.now() - run->operation.started > limit;
    if (is_late && run->failure.empty()) run->failure = "Stack creation time exceeded the specified timeout.";
    for (const auto& [logical_id, needs] : run->graph) {
      if (!run->failure.empty() || run->in_flight >= kMostInFlight) break;
      if (run->started.contains(logical_id)) continue;
      if (!std::ranges::all_of(needs, [&](const auto& need) { return run->finished.contains(need); })) continue;
      run->started.insert(logical_id);
      ++run->in_flight;
      tasks_.spawn("stack resource " + logical_id, step(run, logical_id));
    }
    if (run->in_flight == 0) break;
    co_await run->bell.wait();
  }
  if (run->failure.empty()) {
    Batch batch;
    auto published = publish_outputs(*run, batch);
    if (published) co_return co_await succeed(run, std::move(batch));
    run->failure = published.error().message;
  }
  co_return co_await fail_forward(run);
}

Task<void> Engine::step(RunPtr run, std::string logical_id) {
  Outcome<void> taken;
  try {
    taken = co_await take_step(run, logical_id);
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) throw;  // the cloud stops: the next start goes on from here
    taken = refuse(500, "InternalFailure", error.what());
  } catch (const std::exception& error) {
    taken = refuse(500, "InternalFailure", error.what());
  }
  if (!taken) {
    auto& resource = run->resources[logical_id];
    resource.logical_id = logical_id;
    resource.type = run->target.resource(logical_id)->type;
    resource.operation = run->operation.id;
    resource.stage = Stage::failed;
    if (resource.touch == Touch::nothing) resource.touch = resource.before ? Touch::update : Touch::create;
    resource.status = resource.touch == Touch::create ? "CREATE_FAILED" : "UPDATE_FAILED";
    resource.reason = sentence_of(taken.error());
    resource.changed = stacks_.now();
    Batch batch;
    stacks_.put(batch, run->stack, resource);
    stacks_.note(batch, run->stack, resource);
    co_await commit(std::move(batch));
    run->failed_resources.push_back(logical_id);
    if (run->failure.empty()) run->failure = resource.reason;
  } else {
    run->finished.insert(logical_id);
  }
  --run->in_flight;
  run->bell.ring_all();
}

Task<Outcome<void>> Engine::take_step(RunPtr run, std::string logical_id) {
  const auto& definition = *run->target.resource(logical_id);
  auto& type = *types_.at(definition.type);
  auto& resource = run->resources[logical_id];
  const bool is_resumed = resource.operation == run->operation.id;
  if (!is_resumed) {
    const bool is_new = resource.now.state.physical_id.empty();
    resource.logical_id = logical_id;
    resource.type = definition.type;
    resource.operation = run->operation.id;
    resource.stage = Stage::begun;
    resource.touch = is_new ? Touch::create : Touch::nothing;
    resource.before.reset();
    if (!is_new) resource.before = resource.now;
  }
  auto properties = run->resolver->resolve_object(definition.properties);
  if (!properties) co_return refuse(properties.error());
  if (auto checked = check_properties(definition.type, type.schema(), *properties); !checked) co_return checked;
  if (!is_resumed && resource.before) {
    const auto tags =
        run->operation.previous.tags == run->stack.definition.tags ? TagChange::same : TagChange::different;
    switch (decide_change(type, resource.before->properties, *properties, tags)) {
      case Change::none:
        resource.touch = Touch::nothing;
        break;
      case Change::in_place:
        resource.touch = Touch::update;
        break;
      case Change::replacement:
        resource.touch = Touch::replace;
        break;
    }
  }
  const auto& needs = run->graph.at(logical_id);
  resource.now.needs.assign(needs.begin(), needs.end());
  resource.now.deletion_policy = definition.deletion_policy;
  resource.now.replace_policy = definition.replace_policy;
  co_return co_await perform(run, resource, type, *std::move(properties));
}

Task<Outcome<void>> Engine::perform(RunPtr run, Resource& resource, ResourceType& type, json::object after) {
  const auto write_down = [&](std::string status, std::string reason) {
    resource.status = std::move(status);
    resource.reason = std::move(reason);
    resource.changed = stacks_.now();
    Batch batch;
    stacks_.put(batch, run->stack, resource);
    stacks_.note(batch, run->stack, resource);
    return batch;
  };
  const auto disk_error = [] { return refuse(500, "InternalFailure", "The local cloud could not write to its disk."); };
  if (resource.touch == Touch::nothing) {
    resource.stage = Stage::done;
    Batch batch;
    stacks_.put(batch, run->stack, resource);
    if (!co_await commit(std::move(batch))) co_return disk_error();
    co_return Outcome<void>{};
  }
  const bool is_update = resource.touch == Touch::update;
  const std::string verb = resource.touch == Touch::create ? "CREATE" : "UPDATE";
  resource.now.properties = after;
  if (!is_update) resource.now.state = {};  // what is there now lives on in `before`
  auto begun = write_down(verb + "_IN_PROGRESS",
                          resource.touch == Touch::replace
                              ? "Requested update requires the creation of a new physical resource; hence creating one."
                              : "");
  if (!co_await commit(std::move(begun))) co_return disk_error();
  Outcome<ResourceState> made = ResourceState{};
  if (is_update) {
    made = co_await type.update(context(*run, resource.logical_id, "update"), resource.before->state.physical_id,
                                resource.before->properties, after);
  } else {
    made = co_await type.create(context(*run, resource.logical_id, "create"), after);
  }
  if (!made) co_return refuse(made.error());
  resource.now.state = *std::move(made);
  resource.stage = Stage::done;
  if (!co_await commit(write_down(verb + "_COMPLETE", ""))) co_return disk_error();
  co_return Outcome<void>{};
}

Outcome<void> Engine::publish_outputs(Run& run, Batch& batch) {
  // Looks at everything once more, so that the imports are complete after a resumed operation too.
  run.imports.clear();
  for (const auto& [logical_id, _] : run.graph) {
    auto resolved = run.resolver->resolve_object(run.target.resource(logical_id)->properties);
    if (!resolved) return refuse(resolved.error());
  }
  auto outputs = resolve_outputs(run.target, *run.resolver);
  if (!outputs) return refuse(outputs.error());
  std::map<std::string, std::string> exports;
  for (const auto& entry : *outputs) {
    const auto& output = entry.as_object();
    const auto name = get_string(output, "ExportName");
    if (!name) continue;
    const auto taken = stacks_.find_export(run.stack.region, *name);
    if (taken && taken->stack_uuid != run.stack.uuid) {
      const auto owner = stacks_.find_uuid(run.stack.region, taken->stack_uuid);
      return refuse(
          validation(fmt::format("Export with name {} is already exported by stack {}. Rename the export or "
                                 "remove it there.",
                                 *name, owner ? owner->name : taken->stack_id)));
    }
    exports.emplace(*name, output.at("OutputValue").as_string());
  }
  for (const auto& old : stacks_.exports(run.stack.region)) {
    if (old.stack_uuid != run.stack.uuid) continue;
    const auto found = exports.find(old.name);
    if (found != exports.end() && found->second == old.value) continue;
    const auto users = stacks_.importers(run.stack.region, old.name);
    if (users.empty()) continue;
    return refuse(validation(fmt::format("Export {} cannot be {} as it is in use by {}", old.name,
                                         found == exports.end() ? "deleted" : "updated", users.front())));
  }
  stacks_.set_exports(batch, run.stack, exports);
  stacks_.set_imports(batch, run.stack, run.imports);
  run.stack.outputs = *std::move(outputs);
  return {};
}

Task<bool> Engine::succeed(RunPtr run, Batch batch) {
  auto& operation = run->operation;
  if (operation.kind == OperationKind::create) {
    if (auto applied = stacks_.store().apply(std::move(batch)); !applied) co_return false;
    co_return co_await finish(run, "CREATE_COMPLETE", "");
  }
  operation.phase = Phase::cleanup;
  operation.final_status = operation.failed_status = "UPDATE_COMPLETE";
  for (const auto& logical_id : removal_order(run->resources)) {
    const auto& resource = run->resources.at(logical_id);
    Doomed doomed{.logical_id = logical_id, .type = resource.type};
    if (!run->graph.contains(logical_id)) {
      doomed.physical_id = resource.now.state.physical_id;
      doomed.properties = resource.now.properties;
      doomed.needs = resource.now.needs;
      doomed.record = Doomed::Record::forget;
      if (resource.now.deletion_policy != DeletionPolicy::remove) doomed.fate = Doomed::Fate::retain;
    } else if (resource.operation == operation.id && resource.touch == Touch::replace &&
               resource.before->state.physical_id != resource.now.state.physical_id) {
      doomed.physical_id = resource.before->state.physical_id;
      doomed.properties = resource.before->properties;
      doomed.needs = resource.before->needs;
      if (resource.before->replace_policy != DeletionPolicy::remove) doomed.fate = Doomed::Fate::retain;
    } else {
      continue;
    }
    operation.doomed.push_back(std::move(doomed));
  }
  if (!operation.doomed.empty()) {
    run->set_status("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "");
    stacks_.note(batch, run->stack);
  }
  stacks_.put(batch, run->stack);
  stacks_.put(batch, operation);
  co_return co_await commit(std::move(batch));
}

}  // namespace ads::cloud::cloudformation
