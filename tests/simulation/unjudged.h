// The engine as if every file had been judged already: a mutant.
#pragma once
#include "simulation/mutants.h"
#include "simulation/pass_through.h"

namespace ads::simulation {

// Whatever run is read claims to be verified; and the write that begins a run is answered as if it had collided, so
// that every role reads it.
class RunsUnjudged : public RunsThrough {
 public:
  explicit RunsUnjudged(function::Runs& inner) : RunsThrough(inner) {}

  Task<Result<std::optional<function::StoredRun>>> find(std::string run_id) override {
    auto found = co_await inner_.find(std::move(run_id));
    if (found && *found) (*found)->run.inspection = batch::Inspection::verified;
    co_return found;
  }
  Task<Result<void>> save(const function::StoredRun& run) override {
    bool is_beginning = run.run.status == batch::RunStatus::running && run.revision == 0;
    function::StoredRun kept = run;
    auto saved = co_await inner_.save(kept);
    if (saved && is_beginning) co_return fail(ErrorKind::conflict, "ConditionalCheckFailedException", "so it is said");
    co_return saved;
  }
};

struct Unjudged : WrappedWorld {
  Unjudged(Cloud&, Wire&, Ports& ports)
      : WrappedWorld(ports.world()),
        runs(ports.runs),
        changed{world.objects, world.users,  world.topic, world.retry_queue, world.shard_queue, runs,
                world.ledger,  world.mailer, world.time,  world.call_totals, world.emit} {}
  RunsUnjudged runs;
  const function::World& mutated() const override { return changed; }
  function::World changed;
};

}  // namespace ads::simulation
