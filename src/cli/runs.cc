#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/run_list.h"
#include "cli/run_table.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace ads::cli {
namespace {

// What is looked through for rows that the filters let pass.
constexpr std::size_t kRunsSearched = 100'000;

struct RunsFlags {
  std::size_t most = 20;
  std::string status, since;
};

// What its shards have counted up to now: the run itself has its counters in the end.
Task<Result<RunRow>> row_of(Session& session, function::StoredRun stored) {
  RunRow row{std::move(stored), {}};
  row.counters = row.stored.run.counters;
  if (batch::is_final(row.stored.run.status) || row.counters.lines > 0) co_return row;
  auto shards = co_await look_at_shards(session, row.stored);
  if (!shards) co_return fail(shards.error());
  row.counters = shards->counters;
  co_return row;
}

json::object row_json(const RunRow& row) {
  auto object = run_json(row.stored);
  object["records"] = row.counters.records();
  object["quarantined"] = row.counters.quarantined();
  object["retryQueued"] = row.counters.retry_queued;
  return object;
}

Task<int> list_runs(Session& session, RunsFlags flags) {
  SystemTime since{};
  if (!flags.since.empty()) {
    auto parsed = parse_since(flags.since, system_clock().now());
    if (!parsed) {
      report_error(session, parsed.error());
      co_return kUsage;
    }
    since = *parsed;
  }
  bool is_filtered = !flags.status.empty() || !flags.since.empty();
  auto runs = co_await newest_runs(session, is_filtered ? kRunsSearched : flags.most, since);
  if (!runs) co_return report_error(session, runs.error());
  std::vector<RunRow> rows;
  for (auto& run : *runs) {
    if (rows.size() >= flags.most) break;
    if (!flags.status.empty() && !has_status(run, flags.status)) continue;
    auto row = co_await row_of(session, std::move(run));
    if (!row) co_return report_error(session, row.error());
    rows.push_back(std::move(*row));
  }
  if (session.is_json()) {
    json::array array;
    for (const auto& row : rows) array.push_back(row_json(row));
    print_json({{"runs", array}});
    co_return kSuccess;
  }
  if (rows.empty())
    print_text(is_filtered ? "No such run: `ads runs` lists the newest of all.\n"
                           : "No runs yet: `ads submit FILE` starts one.\n");
  else
    for (const auto& line : run_list(rows, output_columns())) print_line(line);
  co_return kSuccess;
}

}  // namespace

void add_runs(CLI::App& program, Session& session) {
  auto flags = std::make_shared<RunsFlags>();
  auto* command = program.add_subcommand(
      "runs",
      "The newest runs, the newest first, refused files included.\n"
      "Their ids are shortened: every command takes the beginning of an id that no other run has.");
  command->add_option("--limit", flags->most, "How many")->check(CLI::Range(1, 1000))->capture_default_str();
  add_choice<std::string>(
      *command, "--status", flags->status, "Only those; running: all that have not ended",
      {{"running", "running"}, {"done", "done"}, {"failed", "failed"}, {"partial", "partial"}, {"refused", "refused"}});
  command->add_option("--since", flags->since, "Only those that began since then: 30m, 12h, 7d, or a date")
      ->option_text("TIME");
  command->callback([&session, flags] { session.action = [&session, flags] { return list_runs(session, *flags); }; });
}

}  // namespace ads::cli
