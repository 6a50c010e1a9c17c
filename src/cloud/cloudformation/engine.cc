#include "cloud/cloudformation/engine.h"

#include "base/log.h"
#include "cloud/cloudformation/errors.h"
#include "cloud/cloudformation/run.h"

namespace ads::cloud::cloudformation {

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
  run.resolver.emplace(
      run.target, run.stack.definition.values, pseudo_parameters(run.stack),
      [&run](std::string_view logical_id) -> const ResourceState* {
        const auto found = run.resources.find(logical_id);
        return found == run.resources.end() || found->second.now.state.physical_id.empty() ? nullptr
                                                                                           : &found->second.now.state;
      },
      find_export(run.stack, &run.imports));
  if (auto decided = run.resolver->decide_conditions(); !decided) return decided;
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
  if (run->operation.kind == OperationKind::remove) {
    run->resources = stacks_.resources(run->stack);
  } else if (auto prepared = prepare(*run); !prepared) {
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

Task<bool> Engine::finish(RunPtr run, std::string status, std::string reason) {
  auto& stack = run->stack;
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
  for (auto& [_, resource] : run->resources) {
    if (!resource.before) continue;
    resource.before.reset();
    stacks_.put(batch, stack, resource);
  }
  stacks_.put(batch, stack);
  stacks_.note(batch, stack);
  stacks_.remove(batch, run->operation);
  run->operation.phase = Phase::forward;  // nothing follows
  const bool written = co_await commit(std::move(batch));
  idle_.ring_all();
  co_return written;
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
