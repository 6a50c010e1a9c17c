#include "cli/report.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/run_choice.h"
#include "cli/run_table.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace ads::cli {

Task<int> print_report(Session& session, std::string run_id) {
  auto report = co_await read_report(session, run_id);
  if (!report) co_return report_error(session, report.error());
  if (session.is_json()) {
    print_json(*report);
  } else {
    auto text = co_await read_report_text(session, run_id, "txt");
    if (!text) co_return report_error(session, text.error());
    print_text(*text + (text->ends_with('\n') ? "" : "\n"));
  }
  co_return exit_code_of(*report);
}

namespace {

Task<int> show_report(Session& session, RunChoice choice) {
  // --last is the newest run that has ended: one at work has no report yet.
  auto run = co_await chosen_run(session, choice,
                                 [](const function::StoredRun& stored) { return batch::is_final(stored.run.status); });
  if (!run) co_return report_error(session, run.error());
  co_return co_await print_report(session, run->run.id);
}

}  // namespace

void add_report(CLI::App& program, Session& session) {
  auto choice = std::make_shared<RunChoice>();
  auto* command = program.add_subcommand(
      "report",
      "The report of a run, as mailed (or as JSON).\nExit code 0: all records answered; 3: done, with lines in "
      "quarantine; 1: not DONE, or it does not add up.");
  add_run_choice(*command, *choice, "The newest run that has ended");
  command->callback([&session, choice] {
    require_run(*choice);
    session.action = [&session, choice] { return show_report(session, *choice); };
  });
}

}  // namespace ads::cli
