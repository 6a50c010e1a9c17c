#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "batch/mail.h"
#include "cli/commands.h"
#include "cli/printable.h"
#include "cli/retry_standing.h"
#include "cli/run_choice.h"
#include "cli/run_table.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "function/aws_queues.h"
#include "function/aws_retry_ledger.h"

namespace ads::cli {
namespace {

constexpr std::size_t kRunsSearched = 1000;

struct RetryFlags {
  RunChoice run;
  std::size_t limit = 20;
};

// The run that was named, or the newest ones that have put records on the retry queue.
Task<Result<std::vector<function::StoredRun>>> wanted_runs(Session& session, RetryFlags flags) {
  std::vector<function::StoredRun> wanted;
  if (!flags.run.is_empty()) {
    auto run = co_await chosen_run(session, flags.run);
    if (!run) co_return fail(run.error());
    wanted.push_back(std::move(*run));
    co_return wanted;
  }
  auto runs = co_await newest_runs(session, kRunsSearched);
  if (!runs) co_return fail(runs.error());
  for (auto& run : *runs)
    if (run.run.counters.retry_queued > 0 && wanted.size() < flags.limit) wanted.push_back(std::move(run));
  co_return wanted;
}

Task<Result<function::QueueDepth>> depth_of(Session& session, std::string output) {
  auto url = co_await session.stack_output(std::move(output));
  if (!url) co_return fail(url.error());
  function::AwsQueue queue(**session.connection(), *url);
  co_return co_await queue.depth();
}

void print_standing(const RetryStanding& standing) {
  print_text(fmt::format("{}  {}{}\n", standing.run_id, printable(standing.batch),
                         standing.is_settled           ? "  settled"
                         : standing.outstanding() == 0 ? "  all answered; settled at the next sweep (within 5 minutes)"
                                                       : ""));
  auto row = [](std::string_view name, std::uint64_t count) {
    print_text(fmt::format("  {:<14} {:>14}\n", name, batch::with_thousands(count)));
  };
  row("queued", standing.queued);
  row("processed", standing.tally.processed);
  row("not active", standing.tally.not_active);
  row("not found", standing.tally.not_found);
  row("quarantined", standing.tally.quarantined);
  row("dead", standing.dead());
  row("outstanding", standing.outstanding());
  if (auto why = why_tries_failed(standing.failures); !why.empty())
    print_text(fmt::format("  failed attempts: {}\n", why));
}

// SQS moves a record that is counted as dead only when the retry queue is next read.
bool is_moving(const std::vector<RetryStanding>& standings, const function::QueueDepth& waiting) {
  bool has_dead = std::ranges::any_of(
      standings, [](const RetryStanding& standing) { return !standing.is_settled && standing.dead() > 0; });
  return has_dead && waiting.waiting + waiting.in_flight > 0;
}

Task<int> show_retries(Session& session, RetryFlags flags) {
  auto runs = co_await wanted_runs(session, flags);
  if (!runs) co_return report_error(session, runs.error());
  auto table = co_await session.stack_output("RunsTable");
  if (!table) co_return report_error(session, table.error());
  auto waiting = co_await depth_of(session, "RetryQueueUrl");
  if (!waiting) co_return report_error(session, waiting.error());
  auto dead = co_await depth_of(session, "RetryDeadLetterQueueUrl");
  if (!dead) co_return report_error(session, dead.error());
  function::Settings settings;
  settings.runs_table = *table;
  function::AwsRetryLedger ledger(**session.connection(), settings, system_clock());
  std::vector<RetryStanding> standings;
  for (const auto& run : *runs) {
    auto tally = co_await ledger.tally(run.run.id);
    if (!tally) co_return report_error(session, tally.error());
    standings.push_back(standing_of(run, *tally));
    auto failures = co_await ledger.failures(run.run.id);
    if (!failures) co_return report_error(session, failures.error());
    standings.back().failures = std::move(*failures);
  }
  if (session.is_json()) {
    json::array list;
    for (const auto& standing : standings) list.push_back(to_json(standing));
    print_json({{"retryQueue", {{"waiting", waiting->waiting}, {"inFlight", waiting->in_flight}}},
                {"deadLetters", dead->waiting + dead->in_flight},
                {"runs", std::move(list)}});
    co_return kSuccess;
  }
  for (const auto& standing : standings) print_standing(standing);
  if (standings.empty()) print_text("No run has queued a record for retry.\n");
  print_text(fmt::format("\nretry queue: {} waiting, {} in flight; dead-letter queue: {}\n", waiting->waiting,
                         waiting->in_flight, dead->waiting + dead->in_flight));
  if (is_moving(standings, *waiting))
    print_text(
        "Dead records may still be moving to the dead-letter queue; their run is settled once they have arrived.\n");
  if (dead->waiting + dead->in_flight > 0) print_text("`ads dlq list` lists the records that kept failing.\n");
  co_return kSuccess;
}

}  // namespace

void add_retries(CLI::App& program, Session& session) {
  auto flags = std::make_shared<RetryFlags>();
  auto* command = program.add_subcommand(
      "retries",
      "How the retries of a run ended, and why attempts failed; without RUN: of the newest runs that have retries");
  add_run_choice(*command, flags->run);
  command->add_option("--limit", flags->limit, "How many runs at most")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->callback(
      [&session, flags] { session.action = [&session, flags] { return show_retries(session, *flags); }; });
}

}  // namespace ads::cli
