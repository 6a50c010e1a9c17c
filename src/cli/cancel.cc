#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "batch/progress.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/printable.h"
#include "cli/resumable.h"
#include "cli/run_choice.h"
#include "cli/run_table.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "function/aws_runs.h"

namespace ads::cli {
namespace {

// Workers that end a shard save the run too: each of them may be faster once.
constexpr int kSaves = 100;

struct CancelFlags {
  RunChoice run;
  bool is_waiting = false;
  int timeout_seconds = 600;
};

bool is_cancelable(const function::StoredRun& run) {
  return objection_to_canceling(run).empty();
}

// Marks the run; its workers see the mark after their next checkpoint, and every shard without a worker when its
// message comes. Errors: conflict / "NotCancelable".
Task<Result<void>> mark_canceled(Session& session, function::StoredRun run) {
  auto table = co_await session.stack_output("RunsTable");
  if (!table) co_return fail(table.error());
  function::Settings settings;
  settings.runs_table = *table;
  function::AwsRuns runs(**session.connection(), settings, system_clock());
  for (int i = 0; i < kSaves; ++i) {
    if (auto objection = objection_to_canceling(run); !objection.empty())
      co_return fail(ErrorKind::conflict, "NotCancelable", objection);
    if (run.run.is_partial) co_return Result<void>{};  // canceled already
    run.run.is_partial = true;
    run.run.sentence = "The run was canceled with `ads cancel`.";
    auto saved = co_await runs.save(run);
    if (saved || saved.error().kind != ErrorKind::conflict) co_return saved;
    auto fresh = co_await runs.find(run.run.id);
    if (!fresh) co_return fail(fresh.error());
    if (!*fresh) co_return fail(ErrorKind::not_found, "NoRun", fmt::format("run {} has expired", run.run.id));
    run = std::move(**fresh);
  }
  co_return fail(ErrorKind::unavailable, "RunIsBusy",
                 fmt::format("run {} changes faster than it can be marked: cancel it again", run.run.id));
}

// The run as it ended. Errors: unavailable / "StillRunning".
Task<Result<function::StoredRun>> wait_for_end(Session& session, std::string run_id, std::chrono::seconds timeout) {
  auto end = std::chrono::steady_clock::now() + timeout;
  for (auto pause = std::chrono::milliseconds(50);; pause = std::min(pause * 2, std::chrono::milliseconds(1000))) {
    auto run = co_await find_run(session, run_id);
    if (!run) co_return fail(run.error());
    if (*run && batch::is_final((*run)->run.status)) co_return std::move(**run);
    if (std::chrono::steady_clock::now() > end)
      co_return fail(ErrorKind::unavailable, "StillRunning",
                     fmt::format("run {0} is canceled, but has not ended within {1} s: `ads status {0}` shows what its "
                                 "shards do",
                                 run_id, timeout.count()));
    co_await sleep_for(pause);
  }
}

Task<int> cancel(Session& session, CancelFlags flags) {
  auto run = co_await chosen_run(session, flags.run, is_cancelable);
  if (!run) co_return report_error(session, run.error());
  std::string id = run->run.id;
  if (auto marked = co_await mark_canceled(session, *run); !marked) co_return report_error(session, marked.error());
  if (!flags.is_waiting) {
    if (session.is_json())
      print_json({{"runId", id}, {"canceled", true}});
    else
      print_text(
          fmt::format("Run {0} of {1} is canceled: its workers stop after their next checkpoint, within seconds.\n"
                      "`ads status {0}` shows when it has stopped, `ads resume {0}` continues it then.\n",
                      id, printable(run->run.object.key)));
    co_return kSuccess;
  }
  when_interrupted(fmt::format("ads: interrupted. Run {0} stops without this program: `ads status {0}`.", id));
  auto ended = co_await wait_for_end(session, id, std::chrono::seconds(flags.timeout_seconds));
  if (!ended) co_return report_error(session, ended.error());
  if (session.is_json())
    print_json(run_json(*ended));
  else if (ended->run.is_partial)
    print_text(fmt::format("Run {0} of {1} has stopped: {2} of {3} shards are done.\n`ads resume {0}` continues it.\n",
                           id, printable(ended->run.object.key), ended->run.shards_done, ended->run.shard_count));
  if (ended->run.is_partial) co_return kSuccess;
  co_return report_error(session, "TooLate",
                         fmt::format("run {0} ended as {1} before it could be stopped: see `ads report {0}`", id,
                                     batch::to_string(ended->run.status)));
}

}  // namespace

void add_cancel(CLI::App& program, Session& session) {
  auto flags = std::make_shared<CancelFlags>();
  auto* command = program.add_subcommand(
      "cancel",
      "Stop a run: its workers end after their next checkpoint, and its report says PARTIAL. The file keeps its name,\n"
      "and `ads resume` continues where it stopped. What was answered is counted; nothing is answered twice.");
  add_run_choice(*command, flags->run, "The newest run that is at work");
  command->add_flag("--wait", flags->is_waiting, "Wait until it has stopped");
  command->add_option("--timeout", flags->timeout_seconds, "Seconds to wait at most")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->callback([&session, flags] {
    require_run(flags->run);
    session.action = [&session, flags] { return cancel(session, *flags); };
  });
}

}  // namespace ads::cli
