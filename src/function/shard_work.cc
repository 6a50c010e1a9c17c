#include "function/shard_work.h"

#include <fmt/core.h>

#include "base/log.h"
#include "batch/inspection.h"
#include "batch/progress.h"
#include "function/inspect.h"
#include "function/quarantine_join.h"
#include "function/quarantine_pieces.h"

namespace ads::function {
namespace {

using Prepared = Result<PreparedChunk>;

// A crash repeats a chunk: one should not take longer, however much time there is.
constexpr std::chrono::seconds kLongestChunk{30};
// How often a worker looks whether its run is to end. One read of an item, beside the hundred calls of a chunk.
constexpr std::chrono::seconds kLookEvery{2};

class ShardWork {
 public:
  ShardWork(World& world, const Settings& settings, Flow& flow, const StoredRun& run, ShardState state, Lease lease,
            TaskGroup& group, asio::any_io_executor executor)
      : world_(world),
        settings_(settings),
        flow_(flow),
        run_(run),
        object_(run.run.object),
        rules_{settings.rules.max_retries, run.run.id, run.run.object.key, settings.rules.active_statuses,
               settings.rules.user_key_form},
        state_(std::move(state)),
        lease_(std::move(lease)),
        source_([this](std::uint64_t begin, std::uint64_t length) { return read(begin, length); }, object_.size,
                {.range = state_.range,
                 .offset = state_.offset,
                 .layout = state_.layout ? state_.layout : run.run.layout,
                 .compression = state_.compression,
                 .range_bytes = settings.range_bytes,
                 .chunk_lines = settings.chunk_lines,
                 .user_key_form = settings.rules.user_key_form,
                 .max_expansion = static_cast<std::uint64_t>(settings.rules.max_expansion)},
                group, executor),
        next_(group, executor),
        lease_until_(state_.lease_until),
        looked_(world.time.now()),
        may_repeat_(state_.fence > 1),
        calls_(world.call_totals()) {
    group.spawn("keep a lease", keep_lease());
  }

  Task<Result<ShardEnd>> run() {
    auto inspected = co_await inspect();
    if (!inspected) co_return fail(inspected.error());
    if (*inspected) co_return std::move(**inspected);
    next_.start("prepare a chunk", prepare_next());
    for (bool is_last = false; !is_last;) {
      if (auto end = end_between_chunks()) co_return *end;
      auto prepared = co_await next_.take();
      if (!prepared) {
        // Not of a table that is not found, or an answer about users that makes no sense: that is no fault of the file.
        std::string sentence =
            has_read_failed_
                ? batch::reading_failure(prepared.error(), state_.counters.lines, state_.counters.bytes,
                                         is_one_of_several() ? batch::Portion::shard : batch::Portion::file)
                : "";
        if (sentence.empty()) co_return fail(prepared.error());
        co_return ShardEnd{ShardEnd::Kind::stopped, std::move(sentence)};
      }
      is_last = prepared->chunk.is_last;
      if (!is_last) next_.start("prepare a chunk", prepare_next());
      // Without lines there is nothing to store, but that the file is compressed: its bytes are counted otherwise.
      if (prepared->chunk.counters.lines == 0 && prepared->chunk.compression == state_.compression) continue;
      auto end = co_await settle_in_time(std::move(*prepared));
      if (!end) co_return fail(end.error());
      if (*end) co_return std::move(**end);
    }
    co_return co_await finish();
  }

 private:
  std::optional<ShardEnd> end_between_chunks() const {
    if (has_too_many_bad())
      return ShardEnd{ShardEnd::Kind::stopped, batch::too_bad_sentence(state_.counters, settings_.rules.max_bad_percent,
                                                                       batch::Moment::in_the_middle, rules_.run_id)};
    SystemTime now = world_.time.now();
    if (now >= flow_.budget.last_start || !flow_.may_call(now)) return ShardEnd{ShardEnd::Kind::out_of_time, {}};
    if (is_lost_) return ShardEnd{ShardEnd::Kind::lease_lost, {}};
    return std::nullopt;
  }

  // Chunk by chunk what was read as one, each with as many lines as its time allows. Gives the end that came before the
  // shard's last line.
  Task<Result<std::optional<ShardEnd>>> settle_in_time(PreparedChunk prepared) {
    bool is_last = prepared.chunk.is_last;
    for (bool is_first = true;; is_first = false) {
      if (auto end = end_between_chunks(); end && !is_first) co_return end;
      milliseconds available = std::min<milliseconds>(flow_.last_call() - world_.time.now(), kLongestChunk);
      std::size_t lines = lines_in_time(flow_, rules_, prepared.chunk, available * 2 / 3);
      bool is_rest = lines == prepared.chunk.line_count();
      auto settled =
          co_await settle(is_rest ? std::move(prepared.chunk) : prepared.chunk.take_front(lines), prepared.users);
      if (!settled) co_return fail(settled.error());
      if (*settled == Settled::lost) co_return ShardEnd{ShardEnd::Kind::lease_lost, {}};
      if (*settled == Settled::in_part) co_return ShardEnd{ShardEnd::Kind::out_of_time, {}};
      if (is_rest && is_last) co_return std::nullopt;
      auto sentence = co_await sentence_of_run();
      if (!sentence.empty()) co_return ShardEnd{ShardEnd::Kind::stopped, std::move(sentence)};
      if (is_rest) co_return std::nullopt;
    }
  }

  Task<Result<std::string>> read(std::uint64_t begin, std::uint64_t length) {
    SystemTime start = world_.time.now();
    auto read = co_await repeat(world_, flow_.budget, [&] { return world_.objects.read(object_, begin, length); });
    flow_.other_calls.took(world_.time.now() - start);
    co_return read;
  }

  // Not empty once the run is to end: an operator canceled it, or another shard found that it cannot be processed.
  // Asked after a checkpoint only, so that what was done is counted. An answer that fails is asked for again after the
  // next.
  Task<std::string> sentence_of_run() {
    SystemTime now = world_.time.now();
    if (now < looked_ + kLookEvery) co_return std::string();
    looked_ = now;
    auto run = co_await world_.runs.find(rules_.run_id);
    co_return run && *run ? (*run)->run.sentence : std::string();
  }

  // Before the first effect. Gives how the shard ends, where its work is not to begin.
  Task<Result<std::optional<ShardEnd>>> inspect() {
    using Answer = std::optional<ShardEnd>;
    if (state_.offset > state_.range.start) co_return Answer{};
    auto inspected = co_await inspect_before_effects(world_, settings_, flow_, run_, state_.stalls);
    if (!inspected) {
      std::string sentence = batch::reading_failure(inspected.error(), 0, 0);
      if (sentence.empty()) co_return fail(inspected.error());
      co_return ShardEnd{ShardEnd::Kind::stopped, std::move(sentence)};
    }
    if (!inspected->objection.empty()) {
      log(LogLevel::warning, "file refused before the first effect",
          {{"runId", rules_.run_id}, {"batch", rules_.batch}, {"reason", inspected->objection}});
      co_return ShardEnd{ShardEnd::Kind::stopped, std::move(inspected->objection)};
    }
    if (inspected->is_out_of_time) co_return ShardEnd{ShardEnd::Kind::out_of_time, {}};
    co_return Answer{};
  }

  bool is_one_of_several() const { return state_.range.end != batch::kToEnd; }

  // A shard of several is not the file: where its bad lines are many, those of the whole file are counted at the end.
  bool has_too_many_bad() const {
    return !is_one_of_several() &&
           batch::too_many_bad(state_.counters, settings_.rules.max_bad_percent, batch::Moment::in_the_middle);
  }

  Task<Prepared> prepare_next() {
    auto chunk = co_await next_chunk();
    has_read_failed_ = !chunk;
    if (!chunk) co_return fail(chunk.error());
    co_return co_await prepare(world_, flow_, rules_, std::move(*chunk));
  }

  // With as many lines as keep the calls in flight busy.
  Task<Result<Chunk>> next_chunk() {
    auto chunk = co_await source_.next_chunk();
    std::size_t most = settings_.chunk_lines * settings_.chunk_growth;
    while (chunk && !chunk->is_last && chunk->judged_lines() * 2 <= most &&
           chunk->end - chunk->begin <= batch::kMostGrowingBytes && wants_more_lines(flow_, rules_, *chunk))
      if (auto extended = co_await source_.extend(*chunk, chunk->judged_lines()); !extended)
        co_return fail(extended.error());
    co_return chunk;
  }

  enum class Settled {
    whole,
    in_part,  // the time was over: the rest is the next invocation's
    lost,     // the lease is another invocation's
  };

  // Effects, then quarantine, then checkpoint: a crash in between repeats this chunk and no other.
  Task<Result<Settled>> settle(Chunk chunk, const UserMap& users) {
    auto effects = co_await perform(world_, flow_, rules_, chunk, users);
    if (!effects) co_return fail(effects.error());
    Settled settled = effects->lines == chunk.line_count() ? Settled::whole : Settled::in_part;
    if (settled == Settled::in_part) {
      if (effects->lines == 0) co_return settled;
      chunk = chunk.take_front(effects->lines);
    }
    for (batch::BadLine& line : effects->bad_lines) line.number += state_.counters.lines;
    if (!effects->bad_lines.empty() || may_repeat_) {
      auto put = co_await put_quarantine_piece(world_, flow_, object_.bucket,
                                               quarantine_piece_key(rules_.run_id, chunk.begin, lease_.fence),
                                               effects->bad_lines);
      if (!put) co_return fail(put.error());
    }
    may_repeat_ = false;

    CallTotals calls = world_.call_totals();
    effects->counters.api_calls += calls.sent - calls_.sent;
    effects->counters.throttles += calls.throttled - calls_.throttled + flow_.throttles;
    Checkpoint checkpoint{chunk.begin,  chunk.end,         state_.counters,
                          chunk.layout, chunk.compression, world_.time.now() + flow_.lease};
    checkpoint.counters += effects->counters;
    auto stored = co_await repeat(world_, flow_.budget, [&] { return world_.runs.checkpoint(lease_, checkpoint); });
    if (!stored) {
      if (stored.error().kind != ErrorKind::conflict) co_return fail(stored.error());
      auto is_ours = co_await holds([&](const ShardState& state) { return state.offset == checkpoint.to; });
      if (!is_ours) co_return fail(is_ours.error());
      if (!*is_ours) co_return Settled::lost;
    }
    lease_until_ = std::max(lease_until_, checkpoint.lease_until);
    calls_ = calls;
    flow_.throttles = 0;
    state_.offset = checkpoint.to;
    state_.compression = checkpoint.compression;
    state_.counters = checkpoint.counters;
    co_return settled;
  }

  Task<Result<ShardEnd>> finish() {
    bool has_quarantine = is_one_of_several() && state_.counters.quarantined() > 0;
    if (has_quarantine) {
      auto joined = co_await join_shard_quarantine(world_, flow_, object_.bucket, rules_.run_id, state_.range,
                                                   state_.counters.quarantined());
      if (!joined) co_return fail(joined.error());
    }
    auto end = co_await store_end();
    if (end && end->kind == ShardEnd::Kind::finished && has_quarantine) {
      auto removed = co_await remove_quarantine_pieces(world_, flow_, object_.bucket, rules_.run_id, state_.range);
      if (!removed)
        log(LogLevel::warning, "pieces of the quarantine are left to the end of the run",
            {{"error", removed.error().message}});
    }
    co_return end;
  }

  Task<Result<ShardEnd>> store_end() {
    // One of several shards has read what its lines cover; where it ends in the object says nothing.
    ShardEnding ending{ShardStatus::done, is_one_of_several() ? state_.counters.bytes : source_.bytes_read(), {}, {}};
    auto stored = co_await repeat(world_, flow_.budget, [&] { return world_.runs.finish_shard(lease_, ending); });
    if (stored) co_return ShardEnd{};
    if (stored.error().kind != ErrorKind::conflict) co_return fail(stored.error());
    auto is_ours = co_await holds([](const ShardState& state) { return state.status == ShardStatus::done; });
    if (!is_ours) co_return fail(is_ours.error());
    co_return ShardEnd{*is_ours ? ShardEnd::Kind::finished : ShardEnd::Kind::lease_lost, {}};
  }

  // After a conflict: was it our own write, whose answer got lost, that made the condition fail (true), or has the
  // lease gone to somebody else (false)? Neither means that the write collided with another one: an error, to be
  // repeated.
  template <class Condition>
  Task<Result<bool>> holds(Condition condition) {
    auto state =
        co_await repeat(world_, flow_.budget, [&] { return world_.runs.find_shard(lease_.run_id, lease_.shard); });
    if (!state) co_return fail(state.error());
    if (!*state || (*state)->fence != lease_.fence) co_return false;
    if (condition(**state)) co_return true;
    co_return fail(ErrorKind::unavailable, "WriteCollided",
                   fmt::format("shard {} of run {} could not be written, though its lease is held: the invocation is "
                               "to be repeated",
                               lease_.shard, lease_.run_id));
  }

  // A chunk that takes long, throttled or slow, must not look like a crash.
  Task<void> keep_lease() {
    for (;;) {
      co_await world_.time.sleep(
          std::max<milliseconds>(lease_until_ - flow_.lease / 2 - world_.time.now(), milliseconds(1)));
      SystemTime now = world_.time.now();
      if (now < lease_until_ - flow_.lease / 2) continue;  // a checkpoint came meanwhile
      SystemTime until = now + flow_.lease;
      auto renewed = co_await world_.runs.renew(lease_, until);
      if (renewed) {
        lease_until_ = std::max(lease_until_, until);
      } else if (renewed.error().kind == ErrorKind::conflict) {
        is_lost_ = true;
        co_return;
      } else {
        co_await world_.time.sleep(std::chrono::seconds(1));
      }
    }
  }

  World& world_;
  const Settings& settings_;
  Flow& flow_;
  const StoredRun& run_;
  batch::ObjectIdentity object_;
  EffectRules rules_;
  ShardState state_;
  Lease lease_;
  LineSource source_;
  Ahead<Prepared> next_;
  bool has_read_failed_ = false;  // what next_ failed with is about the file
  SystemTime lease_until_;
  bool is_lost_ = false;
  SystemTime looked_;  // at the run
  bool may_repeat_;    // the chunk may have been tried under an older lease
  CallTotals calls_;   // at the last checkpoint
};

}  // namespace

Task<Result<ShardEnd>> work_on_shard(World& world, const Settings& settings, Flow& flow, const StoredRun& run,
                                     ShardState state, Lease lease) {
  if (state.status == ShardStatus::done) co_return ShardEnd{};
  auto executor = co_await asio::this_coro::executor;
  TaskGroup group(executor);
  std::optional<Result<ShardEnd>> end;
  std::exception_ptr exception;
  {
    ShardWork work(world, settings, flow, run, std::move(state), std::move(lease), group, executor);
    try {
      end = co_await work.run();
    } catch (...) {
      exception = std::current_exception();
    }
    co_await group.stop();
  }
  if (exception) std::rethrow_exception(exception);
  co_return std::move(*end);
}

}  // namespace ads::function
