#include "function/dispatch.h"

#include <fmt/core.h>

#include "base/log.h"
#include "batch/batch_name.h"
#include "batch/inspection.h"
#include "function/finalise.h"
#include "function/inspect.h"
#include "function/metrics.h"
#include "function/reporting.h"
#include "function/send_shards.h"
#include "function/shard_run.h"
#include "function/shard_work.h"

namespace ads::function {
namespace {

using batch::EventStep;
using batch::RunStatus;
using Told = Result<json::object>;  // what became of one object

json::object told(const StoredRun& run) {
  json::object out{{"runId", run.run.id}, {"batch", run.run.object.key}, {"status", to_string(run.run.status)}};
  if (!run.run.processed_key.empty()) out["processedKey"] = run.run.processed_key;
  if (!run.run.sentence.empty()) out["sentence"] = run.run.sentence;
  return out;
}

class Dispatching {
 public:
  Dispatching(World& world, const Settings& settings, std::string owner, TimeBudget budget)
      : world_(world), settings_(settings), owner_(std::move(owner)), flow_(settings, budget) {}

  Task<Told> handle(batch::ObjectEvent event) {
    std::string id = batch::run_id(event.object);
    auto found = co_await find(id);
    if (!found) co_return fail(found.error());
    if (!*found) co_return co_await begin(std::move(event), std::move(id));
    co_return co_await go_on(std::move(**found));
  }

 private:
  Task<Result<std::optional<StoredRun>>> find(std::string id) {
    co_return co_await repeat(world_, flow_.budget, [&] { return world_.runs.find(id); });
  }

  Task<Told> begin(batch::ObjectEvent event, std::string id) {
    // The day of the upload counts: neither a late event nor its repetition after midnight refuses a file.
    SystemTime uploaded = parse_iso8601(event.event_time).value_or(world_.time.now());
    batch::Date today = settings_.rules.time_zone.date_at(uploaded);
    StoredRun run;
    run.run.id = id;
    run.run.object = event.object;
    run.run.today = batch::format_date(today);
    run.run.start = world_.time.now();

    auto name = batch::accept_batch(event.object.key, settings_.rules.accept_dates, today);
    if (!name) co_return co_await refuse(std::move(run), name.error());

    auto facts = co_await repeat(world_, flow_.budget, [&] { return world_.objects.facts(event.object); });
    if (!facts && facts.error().kind == ErrorKind::not_found) {
      log(LogLevel::warning, "the file is not there any more, and no run knows it", {{"key", event.object.key}});
      co_return json::object{{"runId", id}, {"batch", event.object.key}, {"status", "GONE"}};
    }
    if (!facts) co_return fail(facts.error());
    run.run.object.size = facts->size;
    if (run.run.object.etag.empty()) run.run.object.etag = facts->etag;
    if (auto planned = co_await plan(run); !planned) co_return fail(planned.error());

    auto created = co_await repeat(world_, flow_.budget, [&] { return world_.runs.create(run); });
    if (!created && created.error().kind != ErrorKind::conflict) co_return fail(created.error());
    if (!created) {  // another delivery of the event was first, or the answer to our own write got lost
      auto found = co_await find(id);
      if (!found) co_return fail(found.error());
      if (*found) run = std::move(**found);
    }
    co_return co_await go_on(std::move(run));
  }

  // The file stays where it is, and somebody is told. Stored last: a crash before that tells twice rather than never.
  Task<Told> refuse(StoredRun run, batch::Refusal refusal) {
    log(LogLevel::warning, "a file was refused",
        {{"key", run.run.object.key}, {"reason", to_string(refusal.reason)}, {"sentence", refusal.sentence}});
    run.run.status = RunStatus::refused;
    run.run.sentence = refusal.sentence;
    run.run.end = world_.time.now();
    if (auto put = co_await put_report(world_, flow_, report_of(flow_, run, {})); !put) co_return fail(put.error());
    run.mail_error = co_await mail_or_log(
        world_, flow_,
        batch::refusal_mail(refusal, run.run.object.bucket, run.run.object.key, run.run.start, flow_.time_zone));
    auto created = co_await repeat(world_, flow_.budget, [&] { return world_.runs.create(run); });
    if (!created && created.error().kind != ErrorKind::conflict) co_return fail(created.error());
    if (created)
      world_.emit(metrics_line(world_, "dispatch", {{"Refused", "Count", 1}},
                               {{"runId", run.run.id}, {"reason", to_string(refusal.reason)}}));
    co_return told(run);
  }

  bool fits_inline(const batch::Run& run) const { return run.object.size <= settings_.inline_bytes; }

  // Of a large file: is it one, how many shards, and what those that don't see the first line have to know about it.
  // What its beginning is decides once for all shards, before a message is sent.
  Task<Result<void>> plan(StoredRun& run) {
    if (fits_inline(run.run)) co_return Result<void>{};
    auto beginning = co_await inspect_beginning(world_, settings_, flow_, run.run.object);
    if (!beginning) {
      run.run.sentence = batch::reading_failure(beginning.error(), 0, 0);  // the run fails, and says so in its report
      if (run.run.sentence.empty()) co_return fail(beginning.error());
      co_return Result<void>{};
    }
    run.run.compression = beginning->compression;
    run.run.inspection = beginning->inspection;
    run.run.sentence = beginning->objection;
    bool may_split = settings_.rules.ordering == batch::Config::Ordering::by_shard &&
                     run.run.compression == batch::Compression::none;
    if (!may_split) co_return Result<void>{};
    run.run.shard_count = batch::shard_count(run.run.object.size, settings_.shards);
    run.run.layout = beginning->layout;
    co_return Result<void>{};
  }

  Task<Told> go_on(StoredRun run) {
    // By plan(). What a shard found, or an operator wants, has to reach the shards, whose messages may be on their way.
    bool was_refused = run.run.status == RunStatus::planned && !run.run.sentence.empty() && !run.run.is_partial &&
                       run.run.shards_dead == 0;
    if (was_refused) {
      log(LogLevel::warning, "file refused before the first effect",
          {{"runId", run.run.id}, {"batch", run.run.object.key}, {"reason", run.run.sentence}});
      co_return co_await finish(std::move(run));
    }
    auto size = fits_inline(run.run) ? batch::Size::fits_inline : batch::Size::large;
    switch (batch::on_event(run.run, size)) {
      case EventStep::work:
        co_return co_await work(std::move(run));
      case EventStep::send_shards:
        co_return co_await hand_out(std::move(run));
      case EventStep::finalise:
        co_return co_await finish(std::move(run));
      case EventStep::begin:
      case EventStep::leave:
        break;
    }
    log(LogLevel::info, "nothing to do: the run is over, or with the workers",
        {{"runId", run.run.id}, {"status", to_string(run.run.status)}});
    co_return told(run);
  }

  Task<Told> hand_out(StoredRun run) {
    log(LogLevel::info, "a run begins",
        {{"runId", run.run.id},
         {"batch", run.run.object.key},
         {"bytes", run.run.object.size},
         {"shards", run.run.shard_count}});
    if (auto sent = co_await send_all_shards(world_, flow_, run); !sent) co_return fail(sent.error());
    auto running = co_await mark_running(world_, flow_, std::move(run));
    if (!running) co_return fail(running.error());
    co_return told(*running);
  }

  Task<Told> work(StoredRun run) {
    auto running = co_await mark_running(world_, flow_, std::move(run));
    if (!running) co_return fail(running.error());
    std::string id = running->run.id;
    auto visit = co_await visit_shard(world_, settings_, flow_, std::move(*running), 0, owner_);
    if (!visit) co_return fail(visit.error());
    switch (visit->kind) {
      case ShardVisit::Kind::concluded:
        if (!batch::is_complete(visit->run.run)) break;
        co_return co_await finish(std::move(visit->run));
      case ShardVisit::Kind::out_of_time:
        log(LogLevel::info, "the time is over: a worker goes on with the file", {{"runId", id}});
        if (auto sent = co_await send_all_shards(world_, flow_, visit->run); !sent) co_return fail(sent.error());
        break;
      case ShardVisit::Kind::held:
      case ShardVisit::Kind::taken_over:
        log(LogLevel::info, "another invocation works on the file", {{"runId", id}});
        co_return json::object{{"runId", id}, {"status", "IN_PROGRESS"}};
    }
    co_return told(visit->run);
  }

  Task<Told> finish(StoredRun run) {
    auto ended = co_await finalise(world_, settings_, flow_, std::move(run), owner_);
    if (!ended) co_return fail(ended.error());
    json::object story = told(ended->run);
    log(LogLevel::info, "the event was answered", story);
    co_return story;
  }

  World& world_;
  const Settings& settings_;
  std::string owner_;
  Flow flow_;
};

}  // namespace

Task<Result<std::string>> dispatch(World& world, const Settings& settings, Invocation invocation) {
  auto payload = parse_json_object(invocation.payload);
  if (!payload) co_return fail(payload.error());
  auto events = batch::parse_object_events(*payload);
  if (!events) co_return fail(events.error());
  Dispatching dispatching(world, settings, lease_owner(invocation, world.time.random()),
                          time_budget(world.time.now(), invocation.deadline));
  json::array answers;
  std::optional<Error> error;
  for (batch::ObjectEvent& event : *events) {
    std::string key = event.object.key;
    auto answer = co_await dispatching.handle(std::move(event));
    if (answer) {
      answers.push_back(std::move(*answer));
      continue;
    }
    // The other objects of the event are not made to wait.
    log(LogLevel::error, "a file could not be processed to its end; the event is repeated",
        {{"key", key}, {"code", answer.error().code}, {"error", answer.error().message}});
    if (!error) error = answer.error();
  }
  if (error) co_return fail(*error);
  co_return json::serialize(json::object{{"runs", std::move(answers)}});
}

}  // namespace ads::function
