#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "batch/mail.h"
#include "cli/commands.h"
#include "cli/run_table.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

Task<int> list_runs(Session& session, std::size_t most) {
  auto runs = co_await newest_runs(session, most);
  if (!runs) co_return report_error(session, runs.error());
  if (session.is_json()) {
    json::array array;
    for (const auto& run : *runs) array.push_back(run_json(run));
    print_json({{"runs", array}});
    co_return kSuccess;
  }
  if (runs->empty()) print("No runs yet: `ads submit FILE` starts one.\n");
  for (const auto& stored : *runs) {
    const batch::Run& run = stored.run;
    print(fmt::format("{}  {:<10}  {}  {:>14} records  {}\n", run.id, batch::to_string(run.status),
                      iso8601_seconds(run.start), batch::with_thousands(run.counters.records()), run.object.key));
  }
  co_return kSuccess;
}

}  // namespace

void add_runs(CLI::App& program, Session& session) {
  auto most = std::make_shared<std::size_t>(20);
  auto* command = program.add_subcommand("runs", "The newest runs, the newest first");
  command->add_option("--limit", *most, "How many")->check(CLI::Range(1, 1000))->capture_default_str();
  command->callback([&session, most] { session.action = [&session, most] { return list_runs(session, *most); }; });
}

}  // namespace ads::cli
