#include "function/dispatch.h"

#include <fmt/core.h>

#include "base/log.h"
#include "batch/batch_name.h"
#include "function/finalise.h"
#include "function/metrics.h"
#include "function/shard_work.h"

namespace ads::function {
namespace {

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
    switch (next_act(*found)) {
      case NextAct::nothing:
        log(LogLevel::info, "nothing to do: the run is over",
            {{"runId", id}, {"status", to_string((*found)->run.status)}});
        co_return told(**found);
      case NextAct::begin:
        co_return co_await begin(std::move(event), std::move(id));
      default:
        co_return co_await go_on(std::move(**found));
    }
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
    if (auto put = co_await put_report(world_, flow_, report_of(run, {})); !put) co_return fail(put.error());
    run.mail_error = co_await mail_or_log(
        world_, batch::refusal_mail(refusal, run.run.object.bucket, run.run.object.key, run.run.start));
    auto created = co_await repeat(world_, flow_.budget, [&] { return world_.runs.create(run); });
    if (!created && created.error().kind != ErrorKind::conflict) co_return fail(created.error());
    if (created)
      world_.emit(metrics_line(world_.time.now(), "dispatch", {{"Refused", "Count", 1}},
                               {{"runId", run.run.id}, {"reason", to_string(refusal.reason)}}));
    co_return told(run);
  }

  // Under the lease of the only shard: work, close, finalise.
  Task<Told> go_on(StoredRun run) {
    if (next_act(run) == NextAct::nothing) co_return told(run);
    batch::Shard whole = batch::one_shard(run.run.object.size).front();
    whole.end = batch::kToEnd;  // of the content, which may be larger than the object
    auto state = co_await take_lease(run.run.id, whole);
    if (!state) co_return fail(state.error());
    Lease lease{run.run.id, whole.index, owner_, state->fence};
    bool is_resumed = state->fence > 1;

    log(LogLevel::info, is_resumed ? "a run goes on" : "a run begins",
        {{"runId", lease.run_id},
         {"batch", run.run.object.key},
         {"offset", state->offset},
         {"bytes", run.run.object.size}});
    auto out = co_await work_and_close(std::move(run), std::move(*state), lease, is_resumed);
    if (out) {
      json::object story = told(*out);
      log(LogLevel::info, "the event was answered", story);
      co_return story;
    }
    auto released = co_await world_.runs.release(lease);  // so that the repetition need not wait for the lease's end
    if (!released && released.error().kind != ErrorKind::conflict)
      log(LogLevel::warning, "the lease could not be given back and ends by itself",
          {{"error", released.error().message}});
    co_return fail(out.error());
  }

  Task<Result<ShardState>> take_lease(std::string run_id, batch::Shard range) {
    auto state = co_await repeat(world_, flow_.budget, [&] {
      SystemTime now = world_.time.now();
      return world_.runs.take_lease({run_id, range, owner_, now, now + kLease});
    });
    if (!state && state.error().kind == ErrorKind::conflict)
      co_return fail(ErrorKind::unavailable, "RunInProgress",
                     fmt::format("another invocation works on run {}: this one is repeated later, in case that other "
                                 "one does not finish",
                                 run_id));
    co_return state;
  }

  Task<Result<StoredRun>> work_and_close(StoredRun run, ShardState state, Lease lease, bool is_resumed) {
    if (run.run.status == RunStatus::planned || (run.run.status == RunStatus::running && is_resumed)) {
      if (run.run.status == RunStatus::running) ++run.run.resumes;
      run.run.status = RunStatus::running;
      auto saved = co_await save_run(world_, flow_, std::move(run));
      if (!saved) co_return saved;
      run = std::move(*saved);
    }
    if (run.run.status == RunStatus::running) {
      auto end = co_await work_on_shard(world_, settings_, flow_, run, std::move(state), lease);
      if (!end) co_return fail(end.error());
      if (end->kind == ShardEnd::Kind::lease_lost) {
        log(LogLevel::info, "another invocation goes on with the run", {{"runId", run.run.id}});
        co_return run;
      }
      if (end->kind == ShardEnd::Kind::out_of_time)
        co_return fail(ErrorKind::unavailable, "OutOfTime",
                       fmt::format("run {} goes on in the next invocation: the time of this one is over", run.run.id));
      auto fresh = co_await find(run.run.id);  // finishing the shard has changed it
      if (!fresh) co_return fail(fresh.error());
      if (*fresh) run = std::move(**fresh);
      auto closed = co_await close_run(world_, flow_, std::move(run), end->sentence);
      if (!closed) co_return closed;
      run = std::move(*closed);
    }
    co_return co_await finalise(world_, settings_, flow_, std::move(run));
  }

  World& world_;
  const Settings& settings_;
  std::string owner_;
  Flow flow_;
};

}  // namespace

NextAct next_act(const std::optional<StoredRun>& run) {
  if (!run) return NextAct::begin;
  if (batch::is_final(run->run.status)) return NextAct::nothing;
  bool is_working = run->run.status == RunStatus::planned || run->run.status == RunStatus::running;
  return is_working ? NextAct::work : NextAct::finalise;
}

Task<Result<std::string>> dispatch(World& world, const Settings& settings, Invocation invocation) {
  auto payload = parse_json_object(invocation.payload);
  if (!payload) co_return fail(payload.error());
  auto events = batch::parse_object_events(*payload);
  if (!events) co_return fail(events.error());
  Dispatching dispatching(world, settings, invocation.request_id, time_budget(world.time.now(), invocation.deadline));
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
