#include "function/finalise.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/log.h"
#include "batch/batch_name.h"
#include "batch/name_search.h"
#include "batch/retries_mail.h"
#include "function/finaliser_lease.h"
#include "function/in_parallel.h"
#include "function/metrics.h"
#include "function/quarantine_join.h"
#include "function/quarantine_pieces.h"
#include "function/reporting.h"

namespace ads::function {
namespace {

using batch::RunStatus;
using Stored = Result<StoredRun>;

constexpr int kNamesPerDay = 100'000;

Stored advanced(StoredRun run, RunStatus status) {
  run.run.status = status;
  return run;
}

class Finalising {
 public:
  Finalising(World& world, const Settings& settings, Flow& flow) : world_(world), settings_(settings), flow_(flow) {}

  // Does one step and gives the run as it is to be stored.
  Task<Stored> step(StoredRun run) {
    switch (run.run.status) {
      case RunStatus::planned:
      case RunStatus::running:
        return close(std::move(run));
      case RunStatus::finalising:
        if (run.quarantine_key.empty() && run.run.counters.quarantined() > 0) return join(std::move(run));
        if (run.is_failing()) return report_failure(std::move(run));
        if (run.run.processed_key.empty()) return choose_name(std::move(run));
        return copy(std::move(run));
      case RunStatus::copied:
        return run.is_failing() ? report_failure(std::move(run)) : remove_and_report(std::move(run));
      case RunStatus::reported:
        return tidy(std::move(run));
      default:
        return refuse(std::move(run));
    }
  }

 private:
  Task<Stored> refuse(StoredRun run) {
    co_return fail(ErrorKind::corrupt, "WrongRunStatus",
                   fmt::format("run {} is {}: there is nothing to finalise", run.run.id, to_string(run.run.status)));
  }

  // The sums of all shards.
  Task<Stored> close(StoredRun run) {
    auto shards = co_await read_shards(run.run);
    if (!shards) co_return fail(shards.error());
    batch::Closing closing = batch::close(run.run, *shards, settings_.rules.max_bad_percent);
    run.run.counters = closing.counters;
    run.run.compression = closing.compression;
    run.run.resumes = closing.resumes;
    run.run.sentence = closing.sentence;
    run.run.is_partial = closing.is_partial;
    run.run.is_canceled = closing.is_canceled;
    run.bytes_read = closing.bytes_read;
    run.unprocessed = std::move(closing.unprocessed);
    run.run.end = world_.time.now();
    co_return advanced(std::move(run), RunStatus::finalising);
  }

  Task<Result<std::vector<std::optional<ShardState>>>> read_shards(const batch::Run& run) {
    std::vector<std::optional<ShardState>> shards(run.shard_count);
    std::optional<Error> error;
    co_await in_parallel(shards.size(), flow_.calls_in_flight, [&](std::size_t index) {
      return find_shard(run.id, static_cast<std::uint32_t>(index), shards[index], error);
    });
    if (error) co_return fail(*error);
    co_return shards;
  }

  Task<void> find_shard(std::string run_id, std::uint32_t index, std::optional<ShardState>& into,
                        std::optional<Error>& error) {
    auto found = co_await repeat(world_, flow_.budget, [&] { return world_.runs.find_shard(run_id, index); });
    if (found)
      into = std::move(*found);
    else
      error = found.error();
  }

  Task<Stored> join(StoredRun run) {
    std::vector<std::optional<std::uint64_t>> before{0};
    if (run.run.shard_count > 1) {
      auto shards = co_await read_shards(run.run);
      if (!shards) co_return fail(shards.error());
      before = batch::lines_before(*shards);
    }
    auto key = co_await join_quarantine(
        world_, flow_, run.run.object.bucket, run.run.id, run.run.counters.quarantined(),
        [&](std::uint64_t start) { return before[batch::shard_at(run.run.object.size, run.run.shard_count, start)]; });
    if (key) {
      run.quarantine_key = *key;
      co_return run;
    }
    if (key.error().code != "QuarantineIncomplete" || !run.is_failing()) co_return fail(key.error());
    run.run.sentence += " The quarantine is incomplete: its pieces were left in the bucket.";
    co_return co_await report_failure(std::move(run));
  }

  // A name that no object has. Stored before it is used, so that a repetition knows it. Nothing is overwritten if the
  // name is taken meanwhile: the copy is refused, and another one is chosen.
  Task<Stored> choose_name(StoredRun run) {
    auto name = batch::parse_batch_name(run.run.object.key);
    if (!name) co_return fail(ErrorKind::corrupt, "NotABatchName", name.error().sentence);
    batch::NameSearch names(kNamesPerDay);
    while (auto number = names.question()) {
      std::string key = batch::processed_key(*name, *number);
      auto facts = co_await facts_of(run.run.object.bucket, key);
      if (!facts && facts.error().kind != ErrorKind::not_found) co_return fail(facts.error());
      if (facts && facts->copied_by == run.run.id) {
        run.run.processed_key = key;
        co_return run;
      }
      facts ? names.is_taken(*number) : names.is_free(*number);
    }
    if (!names.found())
      co_return fail(ErrorKind::conflict, "NoNameLeft", "every name for processed files of that day is taken");
    run.run.processed_key = batch::processed_key(*name, *names.found());
    co_return run;
  }

  Task<Result<ObjectFacts>> facts_of(std::string bucket, std::string key) {
    batch::ObjectIdentity object{.bucket = std::move(bucket), .key = std::move(key)};
    co_return co_await repeat(world_, flow_.budget, [&] { return world_.objects.facts(object); });
  }

  Task<Stored> copy(StoredRun run) {
    auto copied = co_await repeat(
        world_, flow_.budget, [&] { return world_.objects.copy(run.run.object, run.run.processed_key, run.run.id); });
    if (!copied) {
      ErrorKind kind = copied.error().kind;
      if (kind != ErrorKind::conflict && kind != ErrorKind::not_found) co_return fail(copied.error());
      auto there = co_await facts_of(run.run.object.bucket, run.run.processed_key);
      if (!there && there.error().kind != ErrorKind::not_found) co_return fail(there.error());
      bool is_ours = there && there->copied_by == run.run.id;
      if (!is_ours && there && kind == ErrorKind::conflict) co_return co_await choose_name(std::move(run));
      if (!is_ours) {
        // Nothing is at the new name, and the source is not what was read any more: there is nothing left to rename.
        run.run.processed_key.clear();
        run.run.sentence =
            "Every record was processed, but the file was removed or replaced before it could be renamed.";
        co_return run;
      }
    }
    run.run.end = world_.time.now();
    co_return advanced(std::move(run), RunStatus::copied);
  }

  Task<Stored> remove_and_report(StoredRun run) {
    if (report_) co_return co_await mail(std::move(run), RunStatus::reported);
    auto removed = co_await repeat(world_, flow_.budget, [&] { return world_.objects.remove(run.run.object); });
    if (!removed) {
      if (removed.error().kind == ErrorKind::conflict)
        log(LogLevel::warning, "the key has a newer file, which is left alone", {{"key", run.run.object.key}});
      else if (removed.error().kind != ErrorKind::not_found)
        co_return fail(removed.error());
    }
    co_return co_await report(std::move(run));
  }

  Task<Stored> report_failure(StoredRun run) {
    if (report_) co_return co_await mail(std::move(run), RunStatus::failed);
    run.run.end = world_.time.now();
    co_return co_await report(std::move(run));
  }

  // That the mail is begun is stored before it goes out: crashes cannot repeat it without end.
  Task<Stored> report(StoredRun run) {
    run.run.counters.api_calls += world_.call_totals().sent - calls_at_start_;
    auto report = co_await full_report(world_, flow_, run);
    if (!report) co_return fail(report.error());
    if (auto put = co_await put_report(world_, flow_, *report); !put) co_return fail(put.error());
    report_ = std::move(*report);
    ++run.mails_begun;
    co_return run;
  }

  Task<Stored> mail(StoredRun run, RunStatus next) {
    run.mail_error = run.mails_begun > kMailTries ? "NotRepeated: the mail was begun twice before"
                                                  : co_await mail_or_log(world_, flow_, batch::report_mail(*report_));
    co_return advanced(std::move(run), next);
  }

  // Only of a run that is done: one that is resumed needs the pieces again.
  Task<Stored> tidy(StoredRun run) {
    if (!run.quarantine_key.empty()) {
      auto removed = co_await remove_quarantine_pieces(world_, flow_, run.run.object.bucket, run.run.id);
      if (!removed) log(LogLevel::warning, "quarantine pieces not removed", {{"error", removed.error().message}});
    }
    co_return advanced(std::move(run), RunStatus::done);
  }

  World& world_;
  const Settings& settings_;
  Flow& flow_;
  std::uint64_t calls_at_start_ = world_.call_totals().sent;
  std::optional<batch::Report> report_;  // once it is in the bucket
};

// So that the next one need not wait for the lease's end. That it fails is no harm.
Task<void> give_back(World& world, StoredRun run) {
  run.finaliser_until = {};
  auto saved = co_await world.runs.save(run);
  if (!saved && saved.error().kind != ErrorKind::conflict)
    log(LogLevel::warning, "finalizer lease not released; it expires by itself",
        {{"runId", run.run.id}, {"error", saved.error().message}});
}

// The sentence is the one of the report and the mail, so that it can be searched for.
void log_end(const StoredRun& stored) {
  const batch::Run& run = stored.run;
  json::object fields{{"runId", run.id}, {"batch", run.object.key}, {"status", batch::to_string(run.status)}};
  if (run.status == RunStatus::done) return log(LogLevel::info, "run finished", fields);
  fields["reason"] = run.sentence;
  log(run.is_canceled ? LogLevel::warning : LogLevel::error, run.is_canceled ? "run canceled" : "run failed", fields);
}

// Step after step, under the lease.
Task<Result<FinaliseVisit>> finalise_under(World& world, const Settings& settings, Flow& flow, StoredRun run) {
  Finalising finalising(world, settings, flow);
  while (!batch::is_final(run.run.status)) {
    auto next = co_await finalising.step(run);
    if (!next) {
      co_await give_back(world, std::move(run));
      co_return fail(next.error());
    }
    if (batch::is_final(next->run.status)) next->finaliser_until = {};  // the settlement of the retries need not wait
    auto saved = co_await save_as_finaliser(world, flow, std::move(*next));
    if (!saved) co_return fail(saved.error());
    run = std::move(saved->run);
    if (!saved->is_ours) {
      log(LogLevel::info, "finalizer lease lost", {{"runId", run.run.id}});
      co_return FinaliseVisit{std::move(run), true};
    }
    if (!batch::is_final(run.run.status)) continue;
    log_end(run);
    world.emit(run_metrics(world, run));
  }
  co_return FinaliseVisit{std::move(run), false};
}

}  // namespace

Task<Result<FinaliseVisit>> finalise(World& world, const Settings& settings, Flow& flow, StoredRun run,
                                     std::string owner) {
  if (batch::is_final(run.run.status)) co_return FinaliseVisit{std::move(run), false};
  auto lease = co_await take_finaliser_lease(world, flow, std::move(run), std::move(owner));
  if (!lease) co_return fail(lease.error());
  if (!lease->is_ours) co_return FinaliseVisit{std::move(lease->run), true};
  co_return co_await finalise_under(world, settings, flow, std::move(lease->run));
}

Task<Result<FinaliseVisit>> finalise_as_failed(World& world, const Settings& settings, Flow& flow, StoredRun run,
                                               std::string owner, std::string sentence) {
  if (batch::is_final(run.run.status)) co_return FinaliseVisit{std::move(run), false};
  run.run.sentence = std::move(sentence);
  auto lease = co_await take_finaliser_lease(world, flow, std::move(run), std::move(owner));
  if (!lease) co_return fail(lease.error());
  if (!lease->is_ours) co_return FinaliseVisit{std::move(lease->run), true};
  co_return co_await finalise_under(world, settings, flow, std::move(lease->run));
}

Task<Result<StoredRun>> mark_running(World& world, Flow& flow, StoredRun run) {
  std::string id = run.run.id;
  while (run.run.status == RunStatus::planned) {
    StoredRun next = run;
    next.run.status = RunStatus::running;
    auto saved = co_await repeat(world, flow.budget, [&] { return world.runs.save(next); });
    if (saved) {
      ++next.revision;
      co_return next;
    }
    if (saved.error().kind != ErrorKind::conflict) co_return fail(saved.error());
    // A worker has finished a shard already, or another delivery of the event was first.
    auto found = co_await repeat(world, flow.budget, [&] { return world.runs.find(id); });
    if (!found) co_return fail(found.error());
    if (!*found)
      co_return fail(ErrorKind::corrupt, "RunVanished", fmt::format("run {} is not in the table any more", id));
    run = std::move(**found);
    if (world.time.now() >= flow.budget.give_up)
      co_return fail(ErrorKind::unavailable, "RunBusy", fmt::format("run {} kept changing while it was saved", id));
  }
  co_return run;
}

Task<Result<FinaliseVisit>> settle_retries(World& world, Flow& flow, StoredRun run, std::string owner,
                                           batch::RetryTally tally) {
  auto lease = co_await take_finaliser_lease(world, flow, std::move(run), std::move(owner));
  if (!lease) co_return fail(lease.error());
  if (!lease->is_ours || !lease->run.is_open()) co_return FinaliseVisit{std::move(lease->run), !lease->is_ours};
  StoredRun settled = std::move(lease->run);
  settled.retries = tally;
  auto report = co_await full_report(world, flow, settled);
  if (!report) co_return fail(report.error());
  if (auto put = co_await put_report(world, flow, *report); !put) co_return fail(put.error());
  StoredRun begun = settled;
  begun.retries.reset();  // while it is open the next sweep goes on
  ++begun.retries_mails_begun;
  auto saved = co_await save_as_finaliser(world, flow, std::move(begun));
  if (!saved) co_return fail(saved.error());
  if (!saved->is_ours) co_return FinaliseVisit{std::move(saved->run), true};
  settled = std::move(saved->run);
  settled.retries = tally;
  if (settled.retries_mails_begun <= kMailTries) co_await mail_or_log(world, flow, batch::retries_mail(*report));
  saved = co_await save_as_finaliser(world, flow, std::move(settled));
  if (!saved) co_return fail(saved.error());
  co_return FinaliseVisit{std::move(saved->run), !saved->is_ours};
}

}  // namespace ads::function
