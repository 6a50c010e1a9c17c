// Makes stacks what their definitions say: creates, updates, replaces, deletes and rolls back, one operation per stack
// at a time. Every step is written down before it is taken, so that an operation cut short by a crash is resumed.
#pragma once
#include <memory>
#include <set>
#include <string>

#include "base/task.h"
#include "cloud/cloudformation/plan.h"
#include "cloud/cloudformation/stack_store.h"
#include "cloud/cloudformation/work_thread.h"
#include "cloud/environment.h"

namespace ads::cloud::cloudformation {

class Engine {
 public:
  Engine(Environment& environment, StackStore& stacks, const TypeTable& types);

  // Runs an operation that is already in the store.
  void begin(std::string region, std::string uuid);
  // Goes on with every operation that a crash or a stop left in the store.
  void resume();
  // Stops what the stack's operation is doing, which then turns back (cancel) or deletes everything (remove). `stack`
  // is as the caller read it. Errors: ValidationError where it is past the point to turn back at, InternalFailure.
  Outcome<void> interrupt(const Stack& stack, Interruption interruption, const std::string& client_token);
  Task<void> stop();

  // Returns when the stack has no operation in flight any more, or at `until`.
  Task<void> wait_until_idle(std::string region, std::string uuid, std::chrono::steady_clock::time_point until);

  // Where templates are read and resolved.
  WorkThread& work_thread() { return work_thread_; }

  PseudoParameters pseudo_parameters(const Stack& stack) const;
  FindParameter find_parameter(const std::string& region) const;
  FindExport find_export(const Stack& stack, std::set<std::string>* used = nullptr) const;

 private:
  struct Run;
  using RunPtr = std::shared_ptr<Run>;

  Task<void> run(std::string region, std::string uuid);
  // Each phase returns false where the disk refused: the operation then stays as it is until the next start.
  Task<bool> go_forward(RunPtr run);
  Task<bool> revert(RunPtr run);
  Task<bool> clean_up(RunPtr run);

  Task<void> step(RunPtr run, std::string logical_id);
  Task<Outcome<void>> take_step(RunPtr run, std::string logical_id);
  Outcome<ResourceVersion> resolve(Run& run, const ResourceDefinition& definition) const;
  Task<Outcome<void>> perform(RunPtr run, Resource& resource, ResourceType& type);
  Task<Outcome<void>> revert_resource(RunPtr run, Resource& resource);
  void begin_revert(Run& run);
  Outcome<void> publish_outputs(Run& run, Batch& batch);
  Task<bool> succeed(RunPtr run, Batch batch);
  Task<bool> fail_forward(RunPtr run);
  Task<bool> finish(RunPtr run, std::string status, std::string reason);
  Task<bool> commit(Batch batch);

  Outcome<void> prepare(Run& run);  // on the work thread
  ResourceContext context(const Run& run, const std::string& logical_id, std::string_view purpose) const;

  Environment& environment_;
  StackStore& stacks_;
  const TypeTable& types_;
  std::map<std::string, Run*, std::less<>> runs_;  // by the stack's uuid
  TaskGroup tasks_;
  Bell idle_;
  WorkThread work_thread_;
};

}  // namespace ads::cloud::cloudformation
