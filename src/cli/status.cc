#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "aws/sqs/client.h"
#include "batch/mail.h"
#include "cli/commands.h"
#include "cli/run_table.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

std::string retries_line(const batch::RetryTally& tally) {
  return fmt::format("settled: {} processed, {} not active, {} not found, {} quarantined, {} dead", tally.processed,
                     tally.not_active, tally.not_found, tally.quarantined, tally.dead);
}

Task<int> run_status(Session& session, std::string run_id) {
  auto run = co_await find_run(session, run_id);
  if (!run) co_return report_error(session, run.error());
  if (!*run) co_return report_error(session, "NoRun", fmt::format("there is no run {}: `ads runs` lists them", run_id));
  auto shards = co_await look_at_shards(session, **run);
  if (!shards) co_return report_error(session, shards.error());
  json::object object = run_json(**run);
  object["bytesSettled"] = shards->bytes_settled;
  object["shardsAtWork"] = shards->at_work;
  object["shardsWaiting"] = shards->open;
  if (!shards->troubles.empty()) object["troubles"] = json::value_from(shards->troubles);
  if (session.is_json()) {
    print_json(object);
    co_return kSuccess;
  }
  for (const auto& [name, value] : object)
    if (!value.is_object() && !value.is_array())
      print(fmt::format("  {:<14} {}\n", std::string_view(name),
                        value.is_string() ? std::string(value.as_string()) : json::serialize(value)));
  if ((*run)->retries) print(fmt::format("  {:<14} {}\n", "retries", retries_line(*(*run)->retries)));
  for (const auto& trouble : shards->troubles) print(fmt::format("  {:<14} {}\n", "given up", trouble));
  if (shown_status(**run) == "PARTIAL")
    print(fmt::format("\nMend the cause, then `ads resume {}` goes on where the shards stopped.\n", run_id));
  co_return kSuccess;
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
    print(fmt::format("  {:<14} {} waiting, {} at work, {} delayed\n", name, json::serialize(depth.at("visible")),
                      json::serialize(depth.at("inFlight")), json::serialize(depth.at("delayed"))));
  };
  row("retry queue", *retries);
  row("dead letters", *dead);
  for (const auto& run : *runs)
    print(fmt::format("  {:<14} {}  {}\n", shown_status(run), run.run.id, run.run.object.key));
  co_return kSuccess;
}

}  // namespace

void add_status(CLI::App& program, Session& session) {
  auto run = std::make_shared<std::string>();
  auto* command = program.add_subcommand("status", "How a run stands; without RUN: the queues and the newest runs");
  command->add_option("RUN", *run, "A run's id, as `ads runs` lists them");
  command->callback([&session, run] {
    session.action = [&session, run] { return run->empty() ? stack_status(session) : run_status(session, *run); };
  });
}

}  // namespace ads::cli
