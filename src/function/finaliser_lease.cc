#include "function/finaliser_lease.h"

#include <fmt/core.h>

namespace ads::function {

Task<Result<FinaliserLease>> save_as_finaliser(World& world, Flow& flow, StoredRun run) {
  auto saved = co_await repeat(world, flow.budget, [&] { return world.runs.save(run); });
  if (saved) {
    ++run.revision;
    co_return FinaliserLease{std::move(run), true};
  }
  if (saved.error().kind != ErrorKind::conflict) co_return fail(saved.error());
  auto found = co_await repeat(world, flow.budget, [&] { return world.runs.find(run.run.id); });
  if (!found) co_return fail(found.error());
  if (!*found)
    co_return fail(ErrorKind::corrupt, "RunVanished", fmt::format("run {} is not in the table any more", run.run.id));
  bool is_ours = (*found)->finaliser == run.finaliser && (*found)->revision == run.revision + 1;
  co_return FinaliserLease{std::move(**found), is_ours};
}

Task<Result<FinaliserLease>> take_finaliser_lease(World& world, Flow& flow, StoredRun run, std::string owner) {
  if (run.finaliser != owner && world.time.now() < run.finaliser_until) co_return FinaliserLease{std::move(run), false};
  run.finaliser = std::move(owner);
  run.finaliser_until = flow.budget.deadline;
  co_return co_await save_as_finaliser(world, flow, std::move(run));
}

}  // namespace ads::function
