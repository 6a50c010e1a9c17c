#include "cloud/cloudformation/engine.h"

#include "base/log.h"
#include "cloud/cloudformation/errors.h"
#include "cloud/cloudformation/run.h"

namespace ads::cloud::cloudformation {
namespace {

// In the table of operations in flight for as long as it lives.
template <class Table, class Run>
class Registered {
 public:
  Registered(Table& table, std::string uuid, Run& run) : table_(table), uuid_(std::move(uuid)) { table_[uuid_] = &run; }
  ~Registered() { table_.erase(uuid_); }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;

 private:
  Table& table_;
  std::string uuid_;
};

}  // namespace

Engine::Engine(Environment& environment, StackStore& stacks, const TypeTable& types)
    : environment_(environment),
      stacks_(stacks),
      types_(types),
      tasks_(environment.executor),
      idle_(environment.executor) {}

void Engine::begin(std::string region, std::string uuid) {
  tasks_.spawn("stack operation " + uuid, run(std::move(region), std::move(uuid)));
}

void Engine::resume() {
  // AWS, too, remembers a deleted stack for 90 days.
  Batch batch;
  stacks_.forget_deleted(batch, stacks_.now() - std::chrono::days(90));
  if (!batch.empty()) {
    if (auto applied = stacks_.store().apply(std::move(batch)); !applied) {
      log(LogLevel::error, "old stacks could not be forgotten", {{"error", applied.error().message}});
    }
  }
  for (const auto& operation : stacks_.operations()) begin(operation.region, operation.uuid);
}

Task<void> Engine::stop() {
  co_await tasks_.stop();
}

Task<void> Engine::wait_until_idle(std::string region, std::string uuid, std::chrono::steady_clock::time_point until) {
  while (stacks_.operation(region, uuid)) {
    if (!co_await idle_.wait_until(until)) co_return;
  }
}

PseudoParameters Engine::pseudo_parameters(const Stack& stack) const {
  return {environment_.account, stack.region, stack.id, stack.name};
}

FindParameter Engine::find_parameter(const std::string& region) const {
  return [this, region](const std::string& name) -> Outcome<std::string> {
    if (environment_.parameters == nullptr) return refuse(unsupported("The parameter store (SSM)"));
    return environment_.parameters->value(region, name);
  };
}

FindExport Engine::find_export(const Stack& stack, std::set<std::string>* used) const {
  return [this, region = stack.region, used](std::string_view name) -> std::optional<std::string> {
    auto found = stacks_.find_export(region, name);
    if (!found) return std::nullopt;
    if (used != nullptr) used->emplace(name);
    return std::move(found->value);
  };
}

ResourceContext Engine::context(const Run& run, const std::string& logical_id, std::string_view purpose) const {
  return {.account = environment_.account,
          .region = run.stack.region,
          .stack_name = run.stack.name,
          .stack_id = run.stack.id,
          .logical_id = logical_id,
          .client_token = fmt::format("{}-{}-{}", run.operation.id, logical_id, purpose),
          .tags = run.stack.definition.tags};
}

Outcome<void> Engine::prepare(Run& run) {
  auto parsed = read_template(run.stack.definition.template_text);
  if (!parsed) return refuse(parsed.error());
  run.target = *std::move(parsed);
  run.resources = stacks_.resources(run.stack);
  run.values = run.stack.definition.effective();
  run.resolver.emplace(
      run.target, run.values, pseudo_parameters(run.stack),
      [&run](std::string_view logical_id) -> const ResourceState* {
        const auto found = run.resources.find(logical_id);
        return found == run.resources.end() || found->second.now.state.physical_id.empty() ? nullptr
                                                                                           : &found->second.now.state;
      },
      find_export(run.stack, &run.imports));
  if (auto decided = run.resolver->decide_conditions(); !decided) return decided;
  if (std::ranges::any_of(run.target.parameters, &Parameter::is_secret)) {
    run.masked_values = run.values;
    for (const auto& parameter : run.target.parameters) {
      if (parameter.is_secret) run.masked_values[parameter.name] = kSecretValue;
    }
    run.masked.emplace(*run.resolver, run.masked_values);
  }
  run.graph = dependencies(run.target, run.resolver->conditions());
  return {};
}

Task<bool> Engine::commit(Batch batch) {
  auto written = co_await stacks_.store().commit(std::move(batch));
  if (!written)
    log(LogLevel::error, "a stack operation could not be written down", {{"error", written.error().message}});
  co_return written.has_value();
}

Task<void> Engine::run(std::string region, std::string uuid) {
  auto operation = stacks_.operation(region, uuid);
  auto stack = stacks_.find_uuid(region, uuid);
  if (!operation || !stack) co_return;
  auto run = std::make_shared<Run>(environment_.executor);
  run->stack = *std::move(stack);
  run->operation = *std::move(operation);
  const Registered registered(runs_, run->stack.uuid, *run);
  if (run->operation.phase != Phase::forward) {
    run->resources = stacks_.resources(run->stack);
  } else if (auto prepared = co_await work_thread_.run([&] { return prepare(*run); }); !prepared) {
    // The definition was checked before it was accepted: only a damaged store leads here.
    co_await finish(run, run->operation.kind == OperationKind::create ? "CREATE_FAILED" : "UPDATE_FAILED",
                    prepared.error().message);
    co_return;
  }
  bool goes_on = true;
  if (run->operation.phase == Phase::forward) goes_on = co_await go_forward(run);
  if (goes_on && run->operation.phase == Phase::revert) goes_on = co_await revert(run);
  if (goes_on && run->operation.phase == Phase::cleanup) co_await clean_up(run);
}

Outcome<void> Engine::interrupt(const Stack& stack, Interruption interruption, const std::string& client_token) {
  const auto found = runs_.find(stack.uuid);
  const bool is_open =
      found != runs_.end() && found->second->is_open && found->second->operation.interruption == Interruption::none;
  if (!is_open) {
    return refuse(
        validation(fmt::format("Stack [{}] is in {} and past the point where it can be stopped: wait until "
                               "it has ended.",
                               stack.name, stack.status)));
  }
  auto& run = *found->second;
  run.operation.interruption = interruption;
  run.stack.client_token = client_token;
  run.set_status(interruption == Interruption::cancel ? "UPDATE_ROLLBACK_IN_PROGRESS" : "DELETE_IN_PROGRESS",
                 "User Initiated");
  Batch batch;
  stacks_.put(batch, run.stack);
  stacks_.note(batch, run.stack);
  stacks_.put(batch, run.operation);
  if (auto applied = stacks_.store().apply(std::move(batch)); !applied) {
    return refuse(internal_failure(applied.error()));
  }
  run.bell.ring_all();
  return {};
}

Task<bool> Engine::finish(RunPtr run, std::string status, std::string reason) {
  auto& stack = run->stack;
  auto& operation = run->operation;
  run->set_status(std::move(status), std::move(reason));
  Batch batch;
  if (stack.status == "DELETE_COMPLETE") {
    stack.deleted = stacks_.now();
    stack.outputs.clear();
    stacks_.free_name(batch, stack);
    stacks_.set_exports(batch, stack, {});
    stacks_.set_imports(batch, stack, {});
    for (const auto& change_set : stacks_.change_sets(stack)) stacks_.remove(batch, stack, change_set);
  }
  const bool parks = stack.status == "UPDATE_FAILED" || stack.status == "UPDATE_ROLLBACK_FAILED";
  if (parks) {
    stacks_.park(batch, operation);
  } else {
    stacks_.unpark(batch, stack);
  }
  // What was before may be needed again by a rollback, or by another try to delete everything.
  const bool forgets = !parks && stack.status != "DELETE_FAILED";
  for (auto& [_, resource] : run->resources) {
    if (!forgets || (!resource.before && !resource.from && !resource.is_carried)) continue;
    resource.before.reset();
    resource.from.reset();
    resource.is_carried = false;
    stacks_.put(batch, stack, resource);
  }
  stacks_.put(batch, stack);
  stacks_.note(batch, stack);
  stacks_.remove(batch, operation);
  operation.phase = Phase::forward;  // nothing follows
  const bool written = co_await commit(std::move(batch));
  idle_.ring_all();
  co_return written;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::vector<std::string> removal_order(const Resources& resources) {
  Graph graph;
  for (const auto& [logical_id, _] : resources) graph[logical_id];
  for (const auto& [logical_id, resource] : resources) {
    for (const auto& need : resource.now.needs) {
      if (graph.contains(need)) graph[logical_id].insert(need);
    }
    if (!resource.before) continue;
    for (const auto& need : resource.before->needs) {
      if (graph.contains(need)) graph[logical_id].insert(need);
    }
  }
  auto order = creation_order(graph);
  if (!order) {  // old and new needs together may form a cycle: any order is as good as another
    std::vector<std::string> names;
    for (const auto& [logical_id, _] : resources) names.push_back(logical_id);
    return names;
  }
  std::ranges::reverse(*order);
  return *std::move(order);
}

}  // namespace ads::cloud::cloudformation
