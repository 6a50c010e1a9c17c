#include "function/worker.h"

#include <fmt/core.h>

#include "base/log.h"
#include "batch/event.h"
#include "function/body_facts.h"
#include "function/finalise.h"
#include "function/send_shards.h"
#include "function/shard_run.h"

namespace ads::function {
namespace {

using batch::MessageStep;
using std::chrono::seconds;

constexpr seconds kSoon{0};
constexpr seconds kAfterLease{2};

// What becomes of a message: it is over, or comes again; without a time, when its visibility ends.
struct Fate {
  bool is_over = true;
  std::optional<seconds> again_after = {};
};

class Working {
 public:
  Working(World& world, const Settings& settings, std::string owner, TimeBudget budget)
      : world_(world), settings_(settings), owner_(std::move(owner)), flow_(settings, budget) {}

  Task<Result<std::string>> run(std::vector<batch::QueueMessage> messages) {
    std::vector<std::string> failed;
    for (const batch::QueueMessage& message : messages) {
      auto fate = co_await answer(message);
      if (!fate) {
        log(LogLevel::error, "a message failed and comes again",
            body_facts(message.message_id, message.body,
                       fmt::format("{}: {}", fate.error().code, fate.error().message)));
        fate = Fate{false, batch::retry_delay(message.receive_count)};
      }
      if (fate->is_over) continue;
      failed.push_back(message.message_id);
      if (fate->again_after) co_await postpone(message.receipt_handle, *fate->again_after);
    }
    co_return batch::partial_batch_response(failed);
  }

 private:
  Task<Result<Fate>> answer(const batch::QueueMessage& queue_message) {
    auto message = batch::parse_shard_message(queue_message.body);
    if (!message) co_return fail(message.error());  // nobody of ours has sent it: it ends in the dead-letter queue
    if (world_.time.now() >= flow_.budget.last_start) co_return Fate{false, kSoon};
    auto run = co_await repeat(world_, flow_.budget, [&] { return world_.runs.find(message->run_id); });
    if (!run) co_return fail(run.error());
    std::optional<batch::Run> known;
    if (*run) known = (*run)->run;
    auto step = message->is_finalise() ? batch::on_finalise(known) : batch::on_shard(known, *message->shard);
    switch (step) {
      case MessageStep::work:
        co_return co_await work(std::move(**run), *message->shard);
      case MessageStep::finalise:
        co_return co_await finalise_run(std::move(**run));
      case MessageStep::drop:
        break;
    }
    log(LogLevel::info, "nothing is left to do for a message",
        {{"messageId", queue_message.message_id}, {"runId", message->run_id}});
    co_return Fate{};
  }

  Task<Result<Fate>> work(StoredRun run, std::uint32_t shard) {
    auto visit = co_await visit_shard(world_, settings_, flow_, std::move(run), shard, owner_);
    if (!visit) co_return fail(visit.error());
    switch (visit->kind) {
      case ShardVisit::Kind::out_of_time:
        co_return Fate{false, kSoon};
      case ShardVisit::Kind::held: {
        auto left = std::chrono::ceil<seconds>(visit->held_until - world_.time.now());
        co_return Fate{false, std::max(left, seconds(0)) + kAfterLease};
      }
      case ShardVisit::Kind::taken_over:
        co_return Fate{false, std::nullopt};
      case ShardVisit::Kind::concluded:
        break;
    }
    bool is_last = batch::is_working(visit->run.run.status) && batch::is_complete(visit->run.run);
    if (is_last)
      if (auto sent = co_await send_finalise(world_, flow_, visit->run.run.id); !sent) co_return fail(sent.error());
    co_return Fate{};
  }

  Task<Result<Fate>> finalise_run(StoredRun run) {
    auto visit = co_await finalise(world_, settings_, flow_, std::move(run), owner_);
    if (!visit) co_return fail(visit.error());
    if (!visit->is_held) co_return Fate{};
    // Whoever has it does it; should they crash, this message is the one that goes on.
    auto left = std::chrono::ceil<seconds>(visit->run.finaliser_until - world_.time.now());
    co_return Fate{false, std::clamp(left, seconds(0), seconds(900)) + kAfterLease};
  }

  Task<void> postpone(std::string receipt_handle, seconds time) {
    std::vector<std::string> handles{std::move(receipt_handle)};
    auto postponed = co_await world_.shard_queue.postpone(std::move(handles), time);
    if (!postponed)
      log(LogLevel::warning, "a message could not be postponed and shows when its visibility ends",
          {{"error", postponed.error().message}});
  }

  World& world_;
  const Settings& settings_;
  std::string owner_;
  Flow flow_;
};

}  // namespace

Task<Result<std::string>> worker(World& world, const Settings& settings, Invocation invocation) {
  auto payload = parse_json_object(invocation.payload);
  if (!payload) co_return fail(payload.error());
  auto messages = batch::parse_queue_event(*payload);
  if (!messages) co_return fail(messages.error());
  Working working(world, settings, lease_owner(invocation, world.time.random()),
                  time_budget(world.time.now(), invocation.deadline));
  co_return co_await working.run(std::move(*messages));
}

}  // namespace ads::function
