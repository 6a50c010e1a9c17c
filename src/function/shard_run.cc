#include "function/shard_run.h"

#include <fmt/core.h>

#include "base/log.h"
#include "batch/progress.h"
#include "function/shard_work.h"

namespace ads::function {
namespace {

using batch::LeaseStep;
using Kind = ShardVisit::Kind;

class Visiting {
 public:
  Visiting(World& world, Flow& flow, StoredRun run, std::uint32_t shard, std::string owner)
      : world_(world), flow_(flow), run_(std::move(run)), shard_(shard), owner_(std::move(owner)) {}

  // False: another invocation holds it, or it is dead. state() says until when.
  Task<Result<bool>> lease() {
    auto state = co_await repeat(world_, flow_.budget, [this] { return take_lease(); });
    if (state) {
      state_ = std::move(*state);
      lease_ = {run_.run.id, shard_, owner_, state_.fence};
      co_return true;
    }
    if (state.error().kind != ErrorKind::conflict) co_return fail(state.error());
    auto found = co_await repeat(world_, flow_.budget, [this] { return world_.runs.find_shard(run_.run.id, shard_); });
    if (!found) co_return fail(found.error());
    if (*found) state_ = std::move(**found);
    co_return false;
  }

  Task<Result<ShardVisit>> work(const Settings& settings) {
    if (state_.fence > 1)
      log(LogLevel::info, "shard resumed", {{"runId", run_.run.id}, {"shard", shard_}, {"offset", state_.offset}});
    auto end = co_await work_on_shard(world_, settings, flow_, run_, state_, lease_);
    if (!end) {
      co_await give_back(end.error().code + ": " + end.error().message);
      co_return fail(end.error());
    }
    switch (end->kind) {
      case ShardEnd::Kind::out_of_time:
        co_await give_back({});
        co_return ShardVisit{Kind::out_of_time, std::move(run_)};
      case ShardEnd::Kind::lease_lost:
        log(LogLevel::info, "shard lease lost", {{"runId", run_.run.id}, {"shard", shard_}});
        co_return ShardVisit{Kind::taken_over, std::move(run_)};
      case ShardEnd::Kind::stopped: {
        auto abandoned = co_await abandon(end->sentence, end->sentence);
        if (!abandoned) co_return fail(abandoned.error());
        break;
      }
      case ShardEnd::Kind::finished:
        break;
    }
    co_return co_await concluded();
  }

  // The shard ends dead, under our lease. Where its run ends, that is the reason: the run's own log line has the level.
  Task<Result<void>> abandon(std::string reason, std::string run_sentence) {
    bool is_its_own = run_.run.sentence.empty() && run_sentence.empty();
    if (reason.empty()) reason = run_.run.sentence;
    if (reason.empty()) reason = state_.trouble;
    if (reason.empty()) reason = "its workers ended again and again before their first checkpoint";
    log(is_its_own ? LogLevel::error : LogLevel::warning, "shard abandoned",
        {{"runId", run_.run.id}, {"shard", shard_}, {"offset", state_.offset}, {"reason", reason}});
    ShardEnding ending{ShardStatus::dead, 0, std::move(reason), std::move(run_sentence)};
    auto stored = co_await repeat(world_, flow_.budget, [&] { return world_.runs.finish_shard(lease_, ending); });
    // A conflict: another invocation has the lease, or our own write did happen. What is stored decides.
    if (!stored && stored.error().kind != ErrorKind::conflict) co_return stored;
    co_return Result<void>{};
  }

  Task<Result<ShardVisit>> concluded() {
    auto fresh = co_await repeat(world_, flow_.budget, [this] { return world_.runs.find(run_.run.id); });
    if (!fresh) co_return fail(fresh.error());
    if (*fresh) run_ = std::move(**fresh);
    co_return ShardVisit{Kind::concluded, std::move(run_)};
  }

  // So that the next one need not wait for the lease's end. That it fails is no harm.
  Task<void> give_back(std::string trouble) {
    auto released = co_await world_.runs.release(lease_, std::move(trouble));
    if (!released && released.error().kind != ErrorKind::conflict)
      log(LogLevel::warning, "shard lease not released; it expires by itself", {{"error", released.error().message}});
  }

  const batch::Run& run() const { return run_.run; }
  const ShardState& state() const { return state_; }

 private:
  Task<Result<ShardState>> take_lease() {
    SystemTime now = world_.time.now();
    co_return co_await world_.runs.take_lease(
        {run_.run.id, range_of(run_.run, shard_), owner_, now, now + flow_.lease});
  }

  World& world_;
  Flow& flow_;
  StoredRun run_;
  std::uint32_t shard_;
  std::string owner_;
  ShardState state_;
  Lease lease_;
};

}  // namespace

batch::Shard range_of(const batch::Run& run, std::uint32_t shard) {
  if (run.shard_count == 1) return batch::kOnlyShard;
  return batch::shard_of(run.object.size, run.shard_count, shard);
}

Task<Result<ShardVisit>> visit_shard(World& world, const Settings& settings, Flow& flow, StoredRun run,
                                     std::uint32_t shard, std::string owner) {
  Visiting visiting(world, flow, std::move(run), shard, std::move(owner));
  auto leased = co_await visiting.lease();
  if (!leased) co_return fail(leased.error());
  if (!*leased) {
    if (visiting.state().status != ShardStatus::open) co_return co_await visiting.concluded();
    co_return ShardVisit{Kind::held, {}, visiting.state().lease_until};
  }
  switch (batch::on_lease(visiting.run(), visiting.state())) {
    case LeaseStep::work:
      co_return co_await visiting.work(settings);
    case LeaseStep::bury: {
      auto abandoned = co_await visiting.abandon({}, {});
      if (!abandoned) co_return fail(abandoned.error());
      break;
    }
    case LeaseStep::conclude:
      break;
  }
  co_return co_await visiting.concluded();
}

Task<Result<DeadLetterVisit>> visit_dead_letter(World& world, Flow& flow, StoredRun run, std::uint32_t shard,
                                                std::string owner) {
  Visiting visiting(world, flow, std::move(run), shard, std::move(owner));
  auto leased = co_await visiting.lease();
  if (!leased) co_return fail(leased.error());
  DeadLetterVisit visit;
  visit.is_held = !*leased && visiting.state().status == ShardStatus::open;
  if (*leased) visit.step = batch::on_dead_letter(visiting.state());
  if (visit.step == batch::DeadLetterStep::bury) {
    std::string reason = visiting.run().sentence;
    if (reason.empty()) reason = visiting.state().trouble;
    if (reason.empty()) reason = "no invocation of the worker came to a checkpoint (its log says why)";
    auto abandoned = co_await visiting.abandon(std::move(reason), {});
    if (!abandoned) co_return fail(abandoned.error());
  } else if (*leased) {
    co_await visiting.give_back(visiting.state().trouble);
  }
  auto fresh = co_await visiting.concluded();
  if (!fresh) co_return fail(fresh.error());
  visit.run = std::move(fresh->run);
  co_return visit;
}

}  // namespace ads::function
