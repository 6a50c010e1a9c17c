// The forward phase: every resource in the order of its needs, independent ones at the same time.
#include "cloud/cloudformation/errors.h"
#include "cloud/cloudformation/run.h"
#include "cloud/importable_type.h"

namespace ads::cloud::cloudformation {
namespace {

constexpr std::size_t kMostInFlight = 16;
constexpr std::string_view kOwnWords = "CloudFormation";  // the code of refusals that are not a resource type's

std::string sentence_of(const WireError& error) {
  return fmt::format("Resource handler returned message: \"{}\" (HandlerErrorCode: {})", error.message, error.code);
}

// Of a resource's status.
std::string verb_of(Touch action) {
  return action == Touch::create ? "CREATE" : action == Touch::import ? "IMPORT" : "UPDATE";
}

}  // namespace

Task<bool> Engine::go_forward(RunPtr run) {
  const auto& operation = run->operation;
  for (const auto& [logical_id, _] : run->graph) {
    const auto found = run->resources.find(logical_id);
    if (found == run->resources.end() || found->second.operation != operation.id) continue;
    if (found->second.stage == Stage::done) {
      run->started.insert(logical_id);
      run->finished.insert(logical_id);
    } else if (found->second.stage == Stage::failed) {
      run->started.insert(logical_id);
      run->failure = found->second.reason;
      run->failed_resources.push_back(logical_id);
    } else {
      run->begun_before.insert(logical_id);
    }
  }
  const auto limit = std::chrono::minutes(run->stack.timeout_minutes);
  // Where nothing is rolled back, what does not need the failed resource is still made.
  const bool goes_on =
      operation.kind == OperationKind::create ? run->stack.on_failure == "DO_NOTHING" : operation.conduct.keeps_failed;
  run->is_open = true;
  while (true) {
    const bool is_late =
        operation.kind == OperationKind::create && limit.count() > 0 && stacks_.now() - operation.started > limit;
    if (is_late && run->failure.empty()) run->failure = "Stack creation time exceeded the specified timeout.";
    const bool is_stopped =
        operation.interruption != Interruption::none || is_late || (!run->failure.empty() && !goes_on);
    for (const auto& [logical_id, needs] : run->graph) {
      if (run->in_flight >= kMostInFlight) break;
      if (run->started.contains(logical_id)) continue;
      // What a crash cut short may have made something: only its end tells what there is to take back.
      if (!run->begun_before.contains(logical_id)) {
        if (is_stopped) continue;
        if (!std::ranges::all_of(needs, [&](const auto& need) { return run->finished.contains(need); })) continue;
      }
      run->started.insert(logical_id);
      ++run->in_flight;
      tasks_.spawn("stack resource " + logical_id, step(run, logical_id));
    }
    if (run->in_flight == 0) break;
    co_await run->bell.wait();
  }
  run->is_open = false;
  if (operation.interruption != Interruption::none && run->failure.empty()) run->failure = "User Initiated";
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
    auto& resource = run->resources.at(logical_id);
    resource.stage = Stage::failed;
    resource.status = verb_of(resource.action) + "_FAILED";
    resource.reason = taken.error().code == kOwnWords ? taken.error().message : sentence_of(taken.error());
    resource.changed = stacks_.now();
    Batch batch;
    batch.remove(creation_mark(context(*run, logical_id, "create")));
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

// What the resource is to be: resolved, with dynamic references looked up and secrets masked for those who watch.
Outcome<ResourceVersion> Engine::resolve(Run& run, const ResourceDefinition& definition) const {
  ResourceVersion out{.deletion_policy = definition.deletion_policy, .replace_policy = definition.replace_policy};
  auto properties = run.resolver->resolve_object(definition.properties);
  if (!properties) return refuse(properties.error());
  out.properties = *std::move(properties);
  if (run.masked) {
    auto shown = run.masked->resolve_object(definition.properties);
    if (!shown) return refuse(shown.error());
    if (*shown != out.properties) out.shown = *std::move(shown);
  }
  if (has_dynamic_references(out.properties)) {
    out.written = out.properties;
    auto looked_up = resolve_dynamic_references(out.properties, find_parameter(run.stack.region));
    if (!looked_up) return refuse(looked_up.error());
    out.properties = *std::move(looked_up);
  }
  auto metadata = run.resolver->resolve_object(definition.metadata);
  if (!metadata) return refuse(metadata.error());
  out.metadata = *std::move(metadata);
  const auto& needs = run.graph.at(definition.logical_id);
  out.needs.assign(needs.begin(), needs.end());
  auto checked = check_properties(definition.type, types_.at(definition.type)->schema(), out.properties);
  if (!checked) return refuse(checked.error());
  return out;
}

namespace {

// Where the resource stands before this operation's step.
void take_up(Resource& resource, const ResourceDefinition& definition, const std::string& operation) {
  resource.logical_id = definition.logical_id;
  resource.type = definition.type;
  resource.operation = operation;
  const auto* standing = resource.standing();
  if (!resource.is_carried) {
    resource.touch = standing != nullptr ? Touch::nothing : Touch::create;
    resource.before.reset();
    if (standing != nullptr) resource.before = *standing;
  } else if (!resource.now.exists() && standing != nullptr) {
    resource.now = *standing;  // its replacement never came to be
    resource.touch = Touch::nothing;
  }
  resource.from.reset();
  if (resource.now.exists()) resource.from = resource.now;
  resource.action = resource.from ? Touch::nothing : Touch::create;
}

Touch as_touch(Change change) {
  switch (change) {
    case Change::none:
      return Touch::nothing;
    case Change::in_place:
      return Touch::update;
    case Change::replacement:
      return Touch::replace;
  }
  return Touch::update;
}

}  // namespace

Task<Outcome<void>> Engine::take_step(RunPtr run, std::string logical_id) {
  const auto& definition = *run->target.resource(logical_id);
  auto& type = *types_.at(definition.type);
  auto& resource = run->resources[logical_id];
  // Begun before a crash: what it does was decided and written down then.
  const bool is_resumed = resource.operation == run->operation.id;
  const bool had_failed = resource.is_carried && resource.stage == Stage::failed;
  if (!is_resumed) take_up(resource, definition, run->operation.id);
  if (!is_resumed && resource.action == Touch::create && run->operation.imports.contains(logical_id))
    resource.action = resource.touch = Touch::import;
  resource.stage = Stage::begun;
  auto wanted = resolve(*run, definition);
  if (!wanted) {
    if (!is_resumed && resource.touch == Touch::nothing) resource.touch = Touch::update;
    if (!is_resumed && resource.action == Touch::nothing) resource.action = Touch::update;
    co_return refuse(wanted.error());
  }
  if (!is_resumed && resource.from) {
    const auto& previous_tags = run->operation.previous.tags;
    const auto& tags = run->stack.definition.tags;
    // Which tags an update that failed got round to is not known.
    const bool same_tags = previous_tags == tags && (!resource.is_carried || tags.empty());
    auto change = decide_change(type, resource.from->compared(), wanted->compared(),
                                same_tags ? TagChange::same : TagChange::different);
    if (change == Change::none && had_failed) change = Change::in_place;
    resource.action = as_touch(change);
    if (resource.touch == Touch::nothing || (resource.touch == Touch::update && resource.action == Touch::replace)) {
      resource.touch = resource.action;
    }
    if (change == Change::replacement) {
      if (const auto fixed = own_name(type, resource.from->compared(), wanted->compared()); !fixed.empty()) {
        resource.action = Touch::update;
        co_return refuse(400, std::string(kOwnWords),
                         fmt::format("CloudFormation cannot update a stack when a custom-named resource requires "
                                     "replacing. Rename {} and update the stack again.",
                                     fixed));
      }
    }
  }
  auto state = std::move(resource.now.state);
  resource.now = *std::move(wanted);
  resource.now.state = std::move(state);
  co_return co_await perform(run, resource, type);
}

Task<Outcome<void>> Engine::perform(RunPtr run, Resource& resource, ResourceType& type) {
  const auto write_down = [&](Batch& batch, std::string status, std::string reason) {
    resource.status = std::move(status);
    resource.reason = std::move(reason);
    resource.changed = stacks_.now();
    stacks_.put(batch, run->stack, resource);
    stacks_.note(batch, run->stack, resource);
  };
  const auto disk_error = [] { return refuse(500, "InternalFailure", "The local cloud could not write to its disk."); };
  if (resource.action == Touch::nothing) {
    resource.stage = Stage::done;
    Batch batch;
    stacks_.put(batch, run->stack, resource);
    if (!co_await commit(std::move(batch))) co_return disk_error();
    co_return Outcome<void>{};
  }
  const bool is_update = resource.action == Touch::update;
  const bool is_import = resource.action == Touch::import;
  const std::string verb = verb_of(resource.action);
  if (!is_update) resource.now.state = {};  // what is there now lives on in `from` and `before`
  Batch begun;
  write_down(begun, verb + "_IN_PROGRESS",
             resource.action == Touch::replace
                 ? "Requested update requires the creation of a new physical resource; hence creating one."
                 : "");
  if (!co_await commit(std::move(begun))) co_return disk_error();
  auto asked = context(*run, resource.logical_id, is_update ? "update" : "create");
  const auto mark = creation_mark(asked);
  Outcome<ResourceState> made = ResourceState{};
  if (is_import) {
    // Nothing of it is changed: its properties are taken to be those of the template, as AWS does.
    const auto& wanted = run->operation.imports.at(resource.logical_id);
    auto found = co_await find_named(type, std::move(asked), resource.now.properties);
    if (!found) co_return refuse(found.error());
    if (!*found || (*found)->physical_id != wanted) {
      co_return refuse(404, "NotFound",
                       fmt::format("Resource of type '{}' with identifier '{}' was not found.", type.name(), wanted));
    }
    made = **std::move(found);
  } else if (is_update) {
    made = co_await type.update(std::move(asked), resource.from->state.physical_id, resource.from->properties,
                                resource.now.properties);
  } else {
    made = co_await type.create(std::move(asked), resource.now.properties);
  }
  if (!made) co_return refuse(made.error());
  resource.now.state = *std::move(made);
  resource.stage = Stage::done;
  Batch complete;
  complete.remove(mark);
  // AWS says when a new resource has its name and again when it is ready; here that is one moment.
  if (!is_update && !is_import) write_down(complete, verb + "_IN_PROGRESS", "Resource creation Initiated");
  write_down(complete, verb + "_COMPLETE", "");
  if (!co_await commit(std::move(complete))) co_return disk_error();
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
    const bool is_mine = resource.operation == operation.id || resource.is_carried;
    if (is_mine) doom_superseded(operation, resource);
    if (is_mine && resource.touch == Touch::replace && resource.before->exists() &&
        resource.before->state.physical_id != resource.now.state.physical_id) {
      const bool stays = resource.before->replace_policy != DeletionPolicy::remove;
      operation.doomed.push_back({logical_id, resource.type, resource.before->state.physical_id,
                                  resource.before->properties, resource.before->needs,
                                  stays ? Doomed::Fate::retain : Doomed::Fate::remove, Doomed::Record::other});
    }
    if (run->graph.contains(logical_id)) continue;
    const bool stays = resource.now.deletion_policy != DeletionPolicy::remove && resource.now.exists();
    operation.doomed.push_back({logical_id, resource.type, resource.now.state.physical_id, resource.now.properties,
                                resource.now.needs, stays ? Doomed::Fate::retain : Doomed::Fate::remove,
                                Doomed::Record::forget});
  }
  run->set_status("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "");
  stacks_.note(batch, run->stack);
  stacks_.put(batch, run->stack);
  stacks_.put(batch, operation);
  co_return co_await commit(std::move(batch));
}

}  // namespace ads::cloud::cloudformation
