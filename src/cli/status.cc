#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "aws/sqs/client.h"
#include "batch/mail.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/printable.h"
#include "cli/run_choice.h"
#include "cli/run_list.h"
#include "cli/run_table.h"
#include "cli/session.h"
#include "cli/status_text.h"
#include "cli/terminal.h"
#include "cli/text_width.h"

namespace ads::cli {
namespace {

Task<int> run_status(Session& session, RunChoice choice) {
  auto run = co_await chosen_run(session, choice);
  if (!run) co_return report_error(session, run.error());
  auto shards = co_await look_at_shards(session, *run);
  if (!shards) co_return report_error(session, shards.error());
  SystemTime now = system_clock().now();
  if (!session.is_json()) {
    for (const auto& line : status_text(*run, *shards, now))
      for (auto& part : folded(line.text, output_columns())) print_line({std::move(part), line.tone});
    co_return exit_code_of(*run);
  }
  json::object object = run_json(*run);
  object["bytesSettled"] = shards->bytes_settled;
  object["records"] = shards->counters.records();
  object["quarantined"] = shards->counters.quarantined();
  object["retryQueued"] = shards->counters.retry_queued;
  object["shardsAtWork"] = shards->at_work;
  object["shardsWaiting"] = shards->open;
  auto pace = pace_of(*run, *shards, now);
  if (pace.percent) object["percent"] = *pace.percent;
  if (pace.records_per_second) object["recordsPerSecond"] = *pace.records_per_second;
  if (pace.time_left) object["secondsLeft"] = pace.time_left->count();
  if (!shards->troubles.empty()) object["troubles"] = json::value_from(shards->troubles);
  print_json(object);
  co_return exit_code_of(*run);
}

// {"visible", "inFlight", "delayed"}
Task<Result<json::object>> queue_depth(Session& session, std::string output) {
  auto url = co_await session.stack_output(output);
  if (!url) co_return fail(url.error());
  auto attributes =
      co_await aws::sqs::Client(**session.connection())
          .get_queue_attributes(*url, {"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible",
                                       "ApproximateNumberOfMessagesDelayed"});
  if (!attributes) co_return fail(attributes.error());
  auto count = [&](const char* name) { return std::strtoull((*attributes)[name].c_str(), nullptr, 10); };
  co_return json::object{{"visible", count("ApproximateNumberOfMessages")},
                         {"inFlight", count("ApproximateNumberOfMessagesNotVisible")},
                         {"delayed", count("ApproximateNumberOfMessagesDelayed")}};
}

Task<int> stack_status(Session& session) {
  auto retries = co_await queue_depth(session, "RetryQueueUrl");
  if (!retries) co_return report_error(session, retries.error());
  auto dead = co_await queue_depth(session, "RetryDeadLetterQueueUrl");
  if (!dead) co_return report_error(session, dead.error());
  auto runs = co_await newest_runs(session, 5);
  if (!runs) co_return report_error(session, runs.error());
  json::array list;
  for (const auto& run : *runs) list.push_back(run_json(run));
  if (session.is_json()) {
    print_json({{"stack", session.stack_name}, {"retryQueue", *retries}, {"deadLetters", *dead}, {"runs", list}});
    co_return kSuccess;
  }
  auto row = [](std::string_view name, const json::object& depth) {
    print_text(fmt::format("  {:<14} {} waiting, {} in flight, {} delayed\n", name,
                           json::serialize(depth.at("visible")), json::serialize(depth.at("inFlight")),
                           json::serialize(depth.at("delayed"))));
  };
  row("retry queue", *retries);
  row("dead letters", *dead);
  if (!runs->empty()) print_text("\n");
  for (const auto& run : *runs) {
    RunRow row{run, run.run.counters};
    auto text =
        fmt::format("  {:<10} {}  {}", shown_status(run), run.run.id.substr(0, 8), printable(run.run.object.key));
    for (auto& part : folded(text, output_columns())) print_line({std::move(part), tone_of(row)});
  }
  co_return kSuccess;
}

}  // namespace

void add_status(CLI::App& program, Session& session) {
  auto run = std::make_shared<RunChoice>();
  auto* command = program.add_subcommand(
      "status",
      "How far a run is, how fast, and when it will end; without RUN: the queues and the newest runs.\n"
      "Exit code of a run: 0 at work, or all records answered; 3 done, with lines in quarantine; 1 failed or refused.");
  add_run_choice(*command, *run);
  command->callback([&session, run] {
    session.action = [&session, run] { return run->is_empty() ? stack_status(session) : run_status(session, *run); };
  });
}

}  // namespace ads::cli
