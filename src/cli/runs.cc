#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "batch/mail.h"
#include "cli/commands.h"
#include "cli/run_table.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

// "12/16 shards", "12/16 shards -2": two are dead.
std::string shards_text(const batch::Run& run) {
  std::string text = fmt::format("{}/{} shard{}", run.shards_done, run.shard_count, run.shard_count == 1 ? "" : "s");
  if (run.shards_dead > 0) text += fmt::format(" -{}", run.shards_dead);
  return text;
}

// What is known without asking the ledger: `ads retries` does.
std::string retries_text(const function::StoredRun& stored) {
  if (stored.run.counters.retry_queued == 0) return "no retries";
  if (!stored.retries) return "retries open";
  return stored.retries->dead > 0 ? fmt::format("{} dead", batch::with_thousands(stored.retries->dead))
                                  : std::string("retries done");
}

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
    print(fmt::format("{}  {:<10}  {}  {:>14} records  {:<15}  {:<14}  {}\n", run.id, shown_status(stored),
                      iso8601_seconds(run.start), batch::with_thousands(run.counters.records()), shards_text(run),
                      retries_text(stored), run.object.key));
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
