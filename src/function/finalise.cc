#include "function/finalise.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/log.h"
#include "batch/batch_name.h"
#include "function/metrics.h"
#include "function/quarantine_pieces.h"

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
      case RunStatus::finalising:
        if (run.quarantine_key.empty() && run.run.counters.quarantined() > 0) return join(std::move(run));
        if (run.is_failing()) return report_failure(std::move(run));
        if (run.run.processed_key.empty()) return choose_name(std::move(run), 1);
        return copy(std::move(run));
      case RunStatus::copied:
        return remove_and_report(std::move(run));
      case RunStatus::reported:
        return tidy(std::move(run), RunStatus::done);
      default:
        return refuse(std::move(run));
    }
  }

 private:
  Task<Stored> refuse(StoredRun run) {
    co_return fail(ErrorKind::corrupt, "WrongRunStatus",
                   fmt::format("run {} is {}: there is nothing to finalise", run.run.id, to_string(run.run.status)));
  }

  Task<Stored> join(StoredRun run) {
    auto key = co_await join_quarantine(world_, flow_, run.run.object.bucket, run.run.id);
    if (!key) co_return fail(key.error());
    run.quarantine_key = *key;
    co_return run;
  }

  // The first name from `number` on that no object has. Stored before it is used, so that a repetition knows it.
  Task<Stored> choose_name(StoredRun run, int number) {
    auto name = batch::parse_batch_name(run.run.object.key);
    if (!name) co_return fail(ErrorKind::corrupt, "NotABatchName", name.error().sentence);
    for (; number < kNamesPerDay; ++number) {
      std::string key = batch::processed_key(*name, number);
      auto facts = co_await facts_of(run.run.object.bucket, key);
      if (facts && facts->copied_by != run.run.id) continue;
      if (!facts && facts.error().kind != ErrorKind::not_found) co_return fail(facts.error());
      run.run.processed_key = key;
      co_return run;
    }
    co_return fail(ErrorKind::conflict, "NoNameLeft", "every name for processed files of that day is taken");
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
      if (!is_ours && there && kind == ErrorKind::conflict) co_return co_await choose_name(std::move(run), 1);
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
    auto removed = co_await repeat(world_, flow_.budget, [&] { return world_.objects.remove(run.run.object); });
    if (!removed) {
      if (removed.error().kind == ErrorKind::conflict)
        log(LogLevel::warning, "the name has a newer file already, which is left alone", {{"key", run.run.object.key}});
      else if (removed.error().kind != ErrorKind::not_found)
        co_return fail(removed.error());
    }
    auto reported = co_await report(run);
    if (!reported) co_return fail(reported.error());
    run.mail_error = *reported;
    co_return advanced(std::move(run), RunStatus::reported);
  }

  Task<Stored> report_failure(StoredRun run) {
    run.run.end = world_.time.now();
    auto reported = co_await report(run);
    if (!reported) co_return fail(reported.error());
    run.mail_error = *reported;
    co_return co_await tidy(std::move(run), RunStatus::failed);
  }

  Task<Result<std::string>> report(const StoredRun& run) {
    std::vector<batch::BadLine> bad_lines;
    if (!run.quarantine_key.empty()) {
      auto first =
          co_await first_bad_lines(world_, flow_, run.run.object.bucket, run.quarantine_key, batch::kReportedBadLines);
      if (!first) co_return fail(first.error());
      bad_lines = std::move(*first);
    }
    batch::Report report = report_of(run, std::move(bad_lines));
    report.counters.api_calls += world_.call_totals().sent - calls_at_start_;
    if (auto put = co_await put_report(world_, flow_, report); !put) co_return fail(put.error());
    co_return co_await mail_or_log(world_, batch::report_mail(report));
  }

  Task<Stored> tidy(StoredRun run, RunStatus status) {
    if (!run.quarantine_key.empty()) {
      auto removed = co_await remove_quarantine_pieces(world_, flow_, run.run.object.bucket, run.run.id);
      if (!removed)
        log(LogLevel::warning, "pieces of the quarantine were left behind", {{"error", removed.error().message}});
    }
    co_return advanced(std::move(run), status);
  }

  World& world_;
  [[maybe_unused]] const Settings& settings_;
  Flow& flow_;
  std::uint64_t calls_at_start_ = world_.call_totals().sent;
};

}  // namespace

Task<Result<StoredRun>> save_run(World& world, Flow& flow, StoredRun run) {
  auto saved = co_await repeat(world, flow.budget, [&] { return world.runs.save(run); });
  if (saved) {
    ++run.revision;
    co_return run;
  }
  if (saved.error().kind != ErrorKind::conflict) co_return fail(saved.error());
  auto found = co_await repeat(world, flow.budget, [&] { return world.runs.find(run.run.id); });
  if (!found) co_return fail(found.error());
  if (!*found)
    co_return fail(ErrorKind::corrupt, "RunVanished", fmt::format("run {} is not in the table any more", run.run.id));
  co_return std::move(**found);
}

Task<Result<StoredRun>> close_run(World& world, Flow& flow, StoredRun run, std::string sentence) {
  batch::Counters sum;
  std::uint64_t bytes_read = 0;
  std::vector<batch::ByteRange> unprocessed;
  for (std::uint32_t index = 0; index < run.run.shard_count; ++index) {
    auto shard = co_await repeat(world, flow.budget, [&] { return world.runs.find_shard(run.run.id, index); });
    if (!shard) co_return fail(shard.error());
    if (!*shard) continue;
    const ShardState& state = **shard;
    sum += state.counters;
    bytes_read += state.bytes_read;
    run.run.compression = state.compression;
    if (state.status == ShardStatus::done || state.compression != batch::Compression::none) continue;
    bytes_read += state.offset - state.range.start;
    unprocessed.push_back({state.offset, std::min(state.range.end, run.run.object.size)});
  }
  if (run.run.status != RunStatus::running) co_return run;
  run.run.counters = sum;
  run.bytes_read = bytes_read;
  run.unprocessed = std::move(unprocessed);
  run.run.sentence = std::move(sentence);
  run.run.end = world.time.now();
  run.run.status = RunStatus::finalising;
  co_return co_await save_run(world, flow, std::move(run));
}

Task<Result<StoredRun>> finalise(World& world, const Settings& settings, Flow& flow, StoredRun run) {
  Finalising finalising(world, settings, flow);
  while (!batch::is_final(run.run.status)) {
    std::uint64_t revision = run.revision;
    auto next = co_await finalising.step(std::move(run));
    if (!next) co_return next;
    RunStatus wanted = next->run.status;
    auto saved = co_await save_run(world, flow, std::move(*next));
    if (!saved) co_return saved;
    run = std::move(*saved);
    // Whoever stores the last step counts the run; a repetition that finds it stored does not.
    if (batch::is_final(run.run.status) && run.run.status == wanted && run.revision == revision + 1)
      world.emit(run_metrics(world.time.now(), run));
  }
  co_return run;
}

batch::Report report_of(const StoredRun& stored, std::vector<batch::BadLine> bad_lines) {
  const batch::Run& run = stored.run;
  batch::Report report;
  report.run_id = run.id;
  report.object = run.object;
  report.status = run.status == RunStatus::refused ? batch::ReportStatus::refused
                  : stored.is_failing()            ? batch::ReportStatus::failed
                                                   : batch::ReportStatus::done;
  report.sentence = run.sentence;
  report.program_version = ADS_VERSION;
  report.compression = run.compression;
  report.bytes_read = stored.bytes_read;
  report.counters = run.counters;
  report.start = run.start;
  report.end = run.end;
  report.shards = run.shard_count;
  report.resumes = run.resumes;
  report.unprocessed = stored.unprocessed;
  report.processed_key = run.processed_key;
  report.quarantine_key = stored.quarantine_key;
  report.bad_lines = std::move(bad_lines);
  return report;
}

Task<Result<void>> put_report(World& world, Flow& flow, const batch::Report& report) {
  std::string key = batch::report_key(report.run_id);
  std::string stem = key.substr(0, key.rfind('.'));
  struct View {
    std::string key, content, type;
  };
  std::vector<View> views;
  views.push_back({stem + ".html", batch::report_html(report), "text/html; charset=utf-8"});
  views.push_back({stem + ".txt", batch::report_text(report), "text/plain; charset=utf-8"});
  views.push_back({key, pretty(batch::report_json(report)), "application/json"});
  for (const View& view : views) {
    auto put = co_await repeat(
        world, flow.budget, [&] { return world.objects.put(report.object.bucket, view.key, view.content, view.type); });
    if (!put) co_return put;
  }
  co_return Result<void>{};
}

Task<std::string> mail_or_log(World& world, batch::Mail mail) {
  auto sent = co_await world.mailer.send(mail);
  if (sent) co_return std::string();
  bool is_nobody = sent.error().code == "NoRecipient";
  log(is_nobody ? LogLevel::info : LogLevel::error,
      is_nobody ? "no mail: the function has no address to send it to (MAIL_FROM, MAIL_TO)"
                : "the mail could not be sent; the report is in the bucket",
      {{"subject", mail.subject}, {"code", sent.error().code}, {"error", sent.error().message}});
  if (!is_nobody) world.emit(metrics_line(world.time.now(), "dispatch", {{"MailFailed", "Count", 1}}));
  co_return sent.error().code + ": " + sent.error().message;
}

}  // namespace ads::function
