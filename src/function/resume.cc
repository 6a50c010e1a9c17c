#include "function/resume.h"

#include <fmt/core.h>

#include "function/send_shards.h"

namespace ads::function {
namespace {

Task<Result<std::vector<std::uint32_t>>> reopen_shards(World& world, Flow& flow, const StoredRun& run) {
  std::vector<std::uint32_t> open;
  for (std::uint32_t index = 0; index < run.run.shard_count; ++index) {
    auto shard = co_await repeat(world, flow.budget, [&] { return world.runs.find_shard(run.run.id, index); });
    if (!shard) co_return fail(shard.error());
    if (*shard && (*shard)->status == ShardStatus::done) continue;
    open.push_back(index);
    if (!*shard || (*shard)->status != ShardStatus::dead) continue;
    auto reopened = co_await repeat(world, flow.budget, [&] { return world.runs.reopen_shard(run.run.id, index); });
    if (!reopened && reopened.error().kind != ErrorKind::conflict) co_return fail(reopened.error());
  }
  co_return open;
}

// The file under its old name, or as our own copy under the new one: then only the end is to be done again.
Task<Result<bool>> is_there(World& world, Flow& flow, const StoredRun& run) {
  auto facts = co_await repeat(world, flow.budget, [&] { return world.objects.facts(run.run.object); });
  if (facts) co_return true;
  if (facts.error().kind != ErrorKind::not_found) co_return fail(facts.error());
  if (run.run.processed_key.empty() || run.run.shards_done < run.run.shard_count) co_return false;
  batch::ObjectIdentity copy{.bucket = run.run.object.bucket, .key = run.run.processed_key};
  auto copied = co_await repeat(world, flow.budget, [&] { return world.objects.facts(copy); });
  if (!copied && copied.error().kind != ErrorKind::not_found) co_return fail(copied.error());
  co_return copied && copied->copied_by == run.run.id;
}

}  // namespace

Task<Result<Resumed>> resume_run(World& world, Flow& flow, std::string run_id) {
  auto found = co_await repeat(world, flow.budget, [&] { return world.runs.find(run_id); });
  if (!found) co_return fail(found.error());
  if (!*found) co_return fail(ErrorKind::not_found, "NoSuchRun", fmt::format("there is no run {}", run_id));
  const batch::Run& known = (*found)->run;
  if (known.status != batch::RunStatus::failed)
    co_return fail(ErrorKind::conflict, "NotFailed",
                   fmt::format("run {} is {}: only a FAILED run can be resumed", run_id, to_string(known.status)));
  auto there = co_await is_there(world, flow, **found);
  if (!there) co_return fail(there.error());
  if (!*there)
    co_return fail(
        ErrorKind::not_found, "FileGone",
        fmt::format("{} is not in the bucket any more: drop it again, that makes a new run", known.object.key));

  auto shards = co_await reopen_shards(world, flow, **found);
  if (!shards) co_return fail(shards.error());
  auto fresh = co_await repeat(world, flow.budget, [&] { return world.runs.find(run_id); });
  if (!fresh) co_return fail(fresh.error());
  if (!*fresh) co_return fail(ErrorKind::not_found, "NoSuchRun", fmt::format("there is no run {}", run_id));
  StoredRun run = std::move(**fresh);
  run.run.status = batch::RunStatus::running;
  run.run.sentence.clear();
  run.run.is_partial = run.run.is_canceled = false;
  run.quarantine_key.clear();
  run.unprocessed.clear();
  run.retries.reset();
  run.mails_begun = run.retries_mails_begun = 0;
  run.finaliser.clear();
  run.finaliser_until = {};
  auto saved = co_await repeat(world, flow.budget, [&] { return world.runs.save(run); });
  if (!saved) co_return fail(saved.error());
  ++run.revision;
  auto sent = shards->empty() ? co_await send_finalise(world, flow, run_id)
                              : co_await send_shards(world, flow, run_id, *shards);
  if (!sent) co_return fail(sent.error());
  co_return Resumed{std::move(run), std::move(*shards)};
}

}  // namespace ads::function
