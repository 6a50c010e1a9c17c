#include "cli/report.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/run_table.h"
#include "cli/session.h"

namespace ads::cli {

Task<int> print_report(Session& session, std::string run_id) {
  auto report = co_await read_report(session, run_id);
  if (!report) co_return report_error(session, report.error());
  if (session.is_json()) {
    print_json(*report);
  } else {
    auto text = co_await read_report_text(session, run_id, "txt");
    if (!text) co_return report_error(session, text.error());
    print(*text + (text->ends_with('\n') ? "" : "\n"));
  }
  bool is_good = get_string(*report, "status") == "DONE" && get_bool(*report, "reconciled") == true;
  co_return is_good ? kSuccess : kFailure;
}

namespace {

Task<int> show_report(Session& session, std::string run_id) {
  if (run_id.empty()) {
    // The newest run that has ended: one at work has no report yet.
    auto runs = co_await newest_runs(session, 50);
    if (!runs) co_return report_error(session, runs.error());
    for (const auto& run : *runs)
      if (batch::is_final(run.run.status)) {
        run_id = run.run.id;
        break;
      }
    if (run_id.empty())
      co_return report_error(session, "NoReport", "no run has ended yet: `ads runs` lists those at work");
  }
  co_return co_await print_report(session, run_id);
}

}  // namespace

void add_report(CLI::App& program, Session& session) {
  struct Flags {
    std::string run;
    bool is_last = false;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = program.add_subcommand(
      "report",
      "The report of a run, as mailed (or as JSON). Exit code 1 where the run is not DONE or does not add up.");
  auto* run = command->add_option("RUN", flags->run, "A run's id, as `ads runs` lists them");
  auto* last = command->add_flag("--last", flags->is_last, "The newest run that has ended");
  last->excludes(run);
  command->callback([&session, flags] {
    if (flags->run.empty() && !flags->is_last) throw CLI::RequiredError("RUN or --last");
    session.action = [&session, flags] { return show_report(session, flags->run); };
  });
}

}  // namespace ads::cli
