#include "function/reporting.h"

#include "base/log.h"
#include "batch/batch_name.h"
#include "function/metrics.h"
#include "function/quarantine_pieces.h"

namespace ads::function {

batch::Report report_of(const Flow& flow, const StoredRun& stored, std::vector<batch::BadLine> bad_lines) {
  const batch::Run& run = stored.run;
  batch::Report report;
  report.run_id = run.id;
  report.object = run.object;
  report.status = run.status == batch::RunStatus::refused ? batch::ReportStatus::refused
                  : run.is_partial                        ? batch::ReportStatus::partial
                  : stored.is_failing()                   ? batch::ReportStatus::failed
                                                          : batch::ReportStatus::done;
  report.sentence = run.sentence;
  report.program_version = ADS_VERSION;
  report.compression = run.compression;
  report.inspection = run.inspection;
  report.bytes_read = stored.bytes_read;
  report.counters = run.counters;
  report.start = run.start;
  report.end = run.end;
  report.time_zone = flow.time_zone;
  report.shards = run.shard_count;
  report.resumes = run.resumes;
  report.unprocessed = stored.unprocessed;
  report.processed_key = run.processed_key;
  report.quarantine_key = stored.quarantine_key;
  report.bad_lines = std::move(bad_lines);
  report.retries = stored.retries;
  return report;
}

Task<Result<batch::Report>> full_report(World& world, Flow& flow, const StoredRun& run) {
  std::vector<batch::BadLine> bad_lines;
  if (!run.quarantine_key.empty()) {
    auto first =
        co_await first_bad_lines(world, flow, run.run.object.bucket, run.quarantine_key, batch::kReportedBadLines);
    if (!first) co_return fail(first.error());
    bad_lines = std::move(*first);
  }
  co_return report_of(flow, run, std::move(bad_lines));
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

Task<std::string> mail_or_log(World& world, Flow& flow, batch::Mail mail) {
  auto sent = co_await world.mailer.send(mail);
  // Only what was certainly not sent is sent again.
  for (int attempt = 0; !sent && sent.error().kind == ErrorKind::throttled && world.time.now() < flow.budget.give_up;
       ++attempt) {
    co_await world.time.sleep(jittered_delay(attempt, world.time.random()));
    sent = co_await world.mailer.send(mail);
  }
  if (sent) co_return std::string();
  bool is_nobody = sent.error().code == "NoRecipient";
  log(is_nobody ? LogLevel::info : LogLevel::error,
      is_nobody ? "no mail: the function has no address to send it to (MAIL_FROM, MAIL_TO)"
                : "the mail could not be sent; the report is in the bucket",
      {{"subject", mail.subject}, {"code", sent.error().code}, {"error", sent.error().message}});
  if (!is_nobody) world.emit(metrics_line(world, "run", {{"MailFailed", "Count", 1}}));
  auto told = co_await repeat(world, flow.budget, [&] { return world.mailer.tell_operators(mail); });
  if (!told && told.error().code != "NoTopic")
    log(LogLevel::error, "the operators could not be told either",
        {{"code", told.error().code}, {"error", told.error().message}});
  co_return sent.error().code + ": " + sent.error().message;
}

}  // namespace ads::function
