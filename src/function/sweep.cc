#include "function/sweep.h"

#include <fmt/core.h>

#include "base/log.h"
#include "batch/event.h"
#include "function/body_facts.h"
#include "function/finalise.h"
#include "function/in_parallel.h"
#include "function/metrics.h"
#include "function/send_shards.h"
#include "function/shard_run.h"

namespace ads::function {
namespace {

using batch::DeadLetterStep;
using batch::QueueState;
using batch::SweepStep;

constexpr std::chrono::minutes kStuckAfter{30};

struct Tally {
  std::uint64_t open_runs = 0, stuck_runs = 0, resent = 0, failed = 0;
};

class Sweeping {
 public:
  Sweeping(World& world, const Settings& settings, std::string owner, TimeBudget budget)
      : world_(world), settings_(settings), owner_(std::move(owner)), flow_(settings, budget) {}

  Task<Result<std::string>> run() {
    auto shard_queue = co_await state_of(world_.shard_queue);
    if (!shard_queue) co_return fail(shard_queue.error());
    auto retry_queue = co_await state_of(world_.retry_queue);
    if (!retry_queue) co_return fail(retry_queue.error());
    shard_queue_ = *shard_queue;
    retry_queue_ = *retry_queue;
    std::string after;
    do {
      auto page = co_await repeat(world_, flow_.budget, [&] { return world_.runs.open_runs(after); });
      if (!page) co_return fail(page.error());
      for (const std::string& id : page->run_ids) {
        if (world_.time.now() >= flow_.budget.last_start) break;
        auto swept = co_await look_at(id);
        if (swept) continue;
        ++tally_.failed;  // the other runs are not made to wait
        log(LogLevel::error, "a run could not be swept", {{"runId", id}, {"error", swept.error().message}});
      }
      after = page->next;
    } while (!after.empty() && world_.time.now() < flow_.budget.last_start);
    world_.emit(metrics_line(world_, "sweep",
                             {{"OpenRuns", "Count", static_cast<double>(tally_.open_runs)},
                              {"StuckRuns", "Count", static_cast<double>(tally_.stuck_runs)},
                              {"MessagesResent", "Count", static_cast<double>(tally_.resent)},
                              {"SweepFailures", "Count", static_cast<double>(tally_.failed)}}));
    co_return json::serialize(json::object{{"openRuns", tally_.open_runs}, {"messagesResent", tally_.resent}});
  }

  // Messages that the shards queue gave up. The answer names those that are to come again.
  Task<Result<std::string>> bury(std::vector<batch::QueueMessage> messages) {
    std::vector<std::string> failed;
    for (const batch::QueueMessage& message : messages) {
      auto buried = co_await bury_one(message);
      if (buried) continue;
      log(LogLevel::error, "a message of the shards dead-letter queue could not be handled and comes again",
          body_facts(message.message_id, message.body, buried.error().message));
      failed.push_back(message.message_id);
    }
    co_return batch::partial_batch_response(failed);
  }

 private:
  Task<Result<QueueState>> state_of(Queue& queue) {
    auto depth = co_await repeat(world_, flow_.budget, [&] { return queue.depth(); });
    if (!depth) co_return fail(depth.error());
    bool counts_flight = &queue == &world_.retry_queue;
    bool is_idle = depth->waiting == 0 && (!counts_flight || depth->in_flight == 0);
    co_return is_idle ? QueueState::idle : QueueState::busy;
  }

  Task<Result<std::optional<StoredRun>>> find(std::string run_id) {
    co_return co_await repeat(world_, flow_.budget, [&] { return world_.runs.find(run_id); });
  }

  Task<Result<void>> look_at(std::string run_id) {
    auto found = co_await find(std::move(run_id));
    if (!found) co_return fail(found.error());
    if (!*found || !(*found)->is_open()) co_return Result<void>{};
    StoredRun run = std::move(**found);
    ++tally_.open_runs;
    SystemTime now = world_.time.now();
    if (batch::is_final(run.run.status)) co_return co_await look_at_retries(std::move(run));
    switch (batch::sweep_run(run.run, run.touched, run.finaliser_until, now, settings_.sweep_after)) {
      case SweepStep::send_finalise:
        ++tally_.resent;
        log(LogLevel::warning, "a run waits for its end and is sent on", {{"runId", run.run.id}});
        co_return co_await send_finalise(world_, flow_, run.run.id);
      case SweepStep::send_shard:
        co_return co_await look_at_shards(run);
      case SweepStep::leave:
        break;
    }
    note_if_stuck(run, run.finaliser_until);
    co_return Result<void>{};
  }

  // Nobody has stored anything for long, and nobody holds a lease that could.
  void note_if_stuck(const StoredRun& run, SystemTime leased_until) {
    if (world_.time.now() >= std::max(run.touched, leased_until) + kStuckAfter) ++tally_.stuck_runs;
  }

  Task<Result<void>> look_at_shards(const StoredRun& run) {
    std::vector<SweepStep> steps(run.run.shard_count, SweepStep::leave);
    std::optional<Error> error;
    SystemTime leased_until{};
    co_await in_parallel(steps.size(), flow_.calls_in_flight, [&](std::size_t shard) {
      return look_at_shard(run, shard, steps[shard], leased_until, error);
    });
    if (error) co_return fail(*error);
    note_if_stuck(run, leased_until);
    std::vector<std::uint32_t> lost;
    for (std::uint32_t shard = 0; shard < steps.size(); ++shard)
      if (steps[shard] == SweepStep::send_shard) lost.push_back(shard);
    if (lost.empty()) co_return Result<void>{};
    tally_.resent += lost.size();
    log(LogLevel::warning, "messages of shards that nobody works on are sent again",
        {{"runId", run.run.id}, {"shards", lost.size()}});
    co_return co_await send_shards(world_, flow_, run.run.id, std::move(lost));
  }

  Task<void> look_at_shard(const StoredRun& run, std::size_t shard, SweepStep& step, SystemTime& leased_until,
                           std::optional<Error>& error) {
    auto found = co_await repeat(world_, flow_.budget,
                                 [&] { return world_.runs.find_shard(run.run.id, static_cast<std::uint32_t>(shard)); });
    if (!found) {
      error = found.error();
      co_return;
    }
    step = batch::sweep_shard(*found, run.touched, shard_queue_, world_.time.now());
    if (*found) leased_until = std::max(leased_until, (*found)->lease_until);
  }

  // Not at once: a late put of the first report would overwrite the second. Nor while a record that is dead may still
  // be in the retry queue: the report says that it lies in the dead-letter queue.
  Task<Result<void>> look_at_retries(StoredRun run) {
    if (world_.time.now() < run.touched + settings_.sweep_after) co_return Result<void>{};
    auto tally = co_await repeat(world_, flow_.budget, [&] { return world_.ledger.tally(run.run.id); });
    if (!tally) co_return fail(tally.error());
    std::uint64_t queued = run.run.counters.retry_queued, ended = tally->total();
    if (ended < queued) {
      bool is_nowhere = retry_queue_ == QueueState::idle && world_.time.now() >= run.run.end + settings_.retries_settle;
      if (!is_nowhere) co_return Result<void>{};
      tally->dead += queued - ended;
    } else if (tally->dead > 0) {
      // After the tally was read: what it counts as dead has left an idle queue.
      auto queue = co_await state_of(world_.retry_queue);
      if (!queue) co_return fail(queue.error());
      if (*queue == QueueState::busy) co_return Result<void>{};
    }
    auto settled = co_await settle_retries(world_, flow_, std::move(run), owner_, *tally);
    if (!settled) co_return fail(settled.error());
    co_return Result<void>{};
  }

  Task<Result<void>> bury_one(const batch::QueueMessage& queue_message) {
    auto message = batch::parse_shard_message(queue_message.body);
    if (!message) {
      log(LogLevel::error, "a message of the shards queue was not written by ADS and is dropped",
          body_facts(queue_message.message_id, queue_message.body, message.error().message));
      co_return Result<void>{};
    }
    auto found = co_await find(message->run_id);
    if (!found) co_return fail(found.error());
    if (!*found || batch::is_final((*found)->run.status)) co_return Result<void>{};
    if (message->is_finalise()) co_return co_await finalise_or_fail(std::move(**found));
    if (batch::on_shard((*found)->run, *message->shard) == batch::MessageStep::drop) co_return Result<void>{};

    auto visit = co_await visit_dead_letter(world_, flow_, std::move(**found), *message->shard, owner_);
    if (!visit) co_return fail(visit.error());
    if (visit->is_held) co_return Result<void>{};  // who works on it has a message of its own
    if (visit->step == DeadLetterStep::send_again) {
      std::vector<std::uint32_t> shard{*message->shard};
      co_return co_await send_shards(world_, flow_, visit->run.run.id, std::move(shard));
    }
    if (batch::is_working(visit->run.run.status) && batch::is_complete(visit->run.run))
      co_return co_await send_finalise(world_, flow_, visit->run.run.id);
    co_return Result<void>{};
  }

  // The last try; what cannot pass then makes the run a failed one, which is said.
  Task<Result<void>> finalise_or_fail(StoredRun run) {
    std::string id = run.run.id;
    auto visit = co_await finalise(world_, settings_, flow_, std::move(run), owner_);
    if (visit) co_return Result<void>{};
    if (is_retryable(visit.error())) co_return fail(visit.error());
    auto found = co_await find(id);
    if (!found) co_return fail(found.error());
    if (!*found) co_return Result<void>{};
    auto failed = co_await finalise_as_failed(
        world_, settings_, flow_, std::move(**found), owner_,
        fmt::format("Every line was processed, but the run could not be finished: {}: {}. `ads resume {}` continues it "
                    "once the cause is fixed.",
                    visit.error().code, visit.error().message, id));
    if (!failed) co_return fail(failed.error());
    co_return Result<void>{};
  }

  World& world_;
  const Settings& settings_;
  std::string owner_;
  Flow flow_;
  QueueState shard_queue_ = QueueState::busy, retry_queue_ = QueueState::busy;
  Tally tally_;
};

}  // namespace

Task<Result<std::string>> sweep(World& world, const Settings& settings, Invocation invocation) {
  auto payload = parse_json_object(invocation.payload);
  if (!payload) co_return fail(payload.error());
  Sweeping sweeping(world, settings, lease_owner(invocation, world.time.random()),
                    time_budget(world.time.now(), invocation.deadline));
  if (!payload->contains("Records")) co_return co_await sweeping.run();
  auto messages = batch::parse_queue_event(*payload);
  if (!messages) co_return fail(messages.error());
  co_return co_await sweeping.bury(std::move(*messages));
}

}  // namespace ads::function
