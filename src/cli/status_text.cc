#include "cli/status_text.h"

#include <fmt/format.h>

#include "batch/mail.h"
#include "batch/progress.h"
#include "cli/printable.h"

namespace ads::cli {
namespace {

using batch::with_thousands;
using std::chrono::seconds;

// A rate over less than this says nothing.
constexpr seconds kShortest{2};

std::string headline(const function::StoredRun& stored, const RunPace& pace, SystemTime now) {
  const batch::Run& run = stored.run;
  auto lasted = std::chrono::duration_cast<seconds>((run.end == SystemTime{} ? now : run.end) - run.start);
  auto status = shown_status(stored);
  switch (run.status) {
    case batch::RunStatus::done:
      return fmt::format("{} after {}", status, duration_text(lasted));
    case batch::RunStatus::failed:
      return fmt::format("{} after {}", status, duration_text(lasted));
    case batch::RunStatus::refused:
      return std::string(status);
    case batch::RunStatus::finalising:
    case batch::RunStatus::copied:
    case batch::RunStatus::reported:
      return fmt::format("{} after {}: {}", status, duration_text(lasted),
                         run.sentence.empty() ? "every line is answered; the file is being renamed and reported"
                                              : "its shards have stopped; the report is being written");
    case batch::RunStatus::planned:
    case batch::RunStatus::running:
      break;
  }
  std::string text = fmt::format("{} for {}", status, duration_text(lasted));
  if (pace.percent) text += fmt::format(": {:.0f} %", *pace.percent);
  if (pace.records_per_second)
    text += fmt::format(", {} records/s", with_thousands(static_cast<std::uint64_t>(*pace.records_per_second + 0.5)));
  if (pace.time_left) text += fmt::format(", about {} left", duration_text(*pace.time_left));
  return text;
}

Tone tone_of_status(const batch::Run& run, const batch::Counters& counters) {
  switch (run.status) {
    case batch::RunStatus::done:
      return counters.quarantined() > 0 ? Tone::warning : Tone::good;
    case batch::RunStatus::failed:
      return Tone::danger;
    case batch::RunStatus::refused:
      return Tone::warning;
    default:
      return Tone::plain;
  }
}

std::string records_text(const batch::Counters& counters) {
  std::string text = with_thousands(counters.records());
  auto add = [&, is_first = true](std::uint64_t count, std::string_view what) mutable {
    if (count == 0) return;
    text += fmt::format("{}{} {}", is_first ? ": " : ", ", with_thousands(count), what);
    is_first = false;
  };
  add(counters.processed, "processed");
  add(counters.not_active, "not active");
  add(counters.not_found, "not found");
  add(counters.retry_queued, "to retry");
  add(counters.quarantined(), "bad");
  return text;
}

std::string shards_text(const batch::Run& run, const ShardOverview& shards) {
  std::string text = fmt::format("{} of {} done", run.shards_done, run.shard_count);
  if (shards.at_work > 0) text += fmt::format(", {} at work", shards.at_work);
  if (shards.open > 0) text += fmt::format(", {} waiting", shards.open);
  if (shards.dead > 0) text += fmt::format(", {} stopped", shards.dead);
  return text;
}

std::string next_step(const function::StoredRun& stored) {
  const batch::Run& run = stored.run;
  switch (run.status) {
    case batch::RunStatus::done:
      return fmt::format("`ads report {}` shows its report.", run.id);
    case batch::RunStatus::refused:
      return "Nothing was sent. Submit it again: `ads submit FILE --as NAME`.";
    case batch::RunStatus::failed:
      return run.is_partial ? fmt::format(
                                  "`ads resume {0}` continues where the shards stopped; `ads report {0}` lists "
                                  "what is missing.",
                                  run.id)
                            : fmt::format("`ads report {}` says more.", run.id);
    default:
      break;
  }
  if (batch::is_canceling(run) || run.is_canceled)
    return fmt::format("Its workers stop after their next checkpoint; `ads resume {}` continues it then.", run.id);
  if (!batch::is_working(run.status)) return fmt::format("`ads report {}` shows its report in a moment.", run.id);
  return fmt::format("`ads cancel {}` stops it.", run.id);
}

}  // namespace

RunPace pace_of(const function::StoredRun& stored, const ShardOverview& shards, SystemTime now) {
  RunPace pace;
  const batch::Run& run = stored.run;
  bool is_known = shards.compression == batch::Compression::none && run.object.size > 0;
  if (is_known) pace.percent = std::min(100.0, 100.0 * double(shards.bytes_settled) / double(run.object.size));
  auto lasted = std::chrono::duration<double>((run.end == SystemTime{} ? now : run.end) - run.start);
  if (lasted < kShortest || shards.counters.records() == 0) return pace;
  pace.records_per_second = double(shards.counters.records()) / lasted.count();
  if (batch::is_working(run.status) && !batch::is_canceling(run) && pace.percent && *pace.percent >= 1)
    pace.time_left = seconds(static_cast<std::int64_t>(lasted.count() * (100 - *pace.percent) / *pace.percent) + 1);
  return pace;
}

std::string duration_text(seconds duration) {
  auto total = std::max<std::int64_t>(0, duration.count());
  if (total >= 86400) return fmt::format("{} d {} h", total / 86400, total % 86400 / 3600);
  if (total >= 3600) return fmt::format("{} h {:02} min", total / 3600, total % 3600 / 60);
  if (total >= 60) return fmt::format("{} min {:02} s", total / 60, total % 60);
  return fmt::format("{} s", total);
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 10'000) return fmt::format("{} bytes", with_thousands(bytes));
  double value = double(bytes);
  for (const char* unit : {"kB", "MB", "GB"}) {
    value /= 1000;
    if (value < 1000) return fmt::format("{:.1f} {}", value, unit);
  }
  return fmt::format("{:.1f} TB", value / 1000);
}

std::vector<Line> status_text(const function::StoredRun& stored, const ShardOverview& shards, SystemTime now) {
  const batch::Run& run = stored.run;
  std::vector<Line> lines;
  auto row = [&](std::string_view name, std::string_view value, Tone tone = Tone::plain) {
    lines.push_back({fmt::format("  {:<10} {}", name, value), tone});
  };
  lines.push_back({fmt::format("Run {} of {}", run.id, printable(run.object.key))});
  lines.push_back({headline(stored, pace_of(stored, shards, now), now), tone_of_status(run, shards.counters)});
  if (!run.sentence.empty()) lines.push_back({printable(run.sentence)});
  row("started", iso8601_seconds(run.start));
  if (run.end != SystemTime{}) row("ended", iso8601_seconds(run.end));
  bool has_settled = shards.bytes_settled > 0 && shards.compression == batch::Compression::none;
  row("file", has_settled && !batch::is_final(run.status)
                  ? fmt::format("{} of {}", bytes_text(shards.bytes_settled), bytes_text(run.object.size))
                  : bytes_text(run.object.size));
  if (run.status != batch::RunStatus::refused) {
    row("records", records_text(shards.counters));
    row("shards", shards_text(run, shards));
  }
  for (const auto& why : shards.troubles) row("stopped", printable(why), Tone::warning);
  if (stored.retries)
    row("retries", fmt::format("settled: {} processed, {} not active, {} not found, {} bad, {} dead",
                               with_thousands(stored.retries->processed), with_thousands(stored.retries->not_active),
                               with_thousands(stored.retries->not_found), with_thousands(stored.retries->quarantined),
                               with_thousands(stored.retries->dead)));
  else if (shards.counters.retry_queued > 0)
    row("retries", fmt::format("open: `ads retries {}` counts them", run.id));
  if (!run.processed_key.empty()) row("renamed to", printable(run.processed_key));
  bool has_nobody_to_mail = stored.mail_error.starts_with("NoRecipient");
  if (!stored.mail_error.empty() && !has_nobody_to_mail) row("mail", printable(stored.mail_error), Tone::warning);
  lines.push_back({});
  lines.push_back({next_step(stored)});
  return lines;
}

}  // namespace ads::cli
