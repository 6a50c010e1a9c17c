#include "function/resume.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/printable.h"
#include "cli/resumable.h"
#include "cli/run_choice.h"
#include "cli/run_follower.h"
#include "cli/run_table.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "function/aws_world.h"

namespace ads::cli {
namespace {

constexpr std::chrono::minutes kPatience{5};

struct ResumeFlags {
  RunChoice run;
  bool is_waiting = false;
  int timeout_seconds = 3600;
};

// The engine's own step, from here instead of from a function: the operator's rights decide.
Task<Result<function::Resumed>> resume_in_aws(Session& session, std::string run_id) {
  function::Settings settings;
  settings.stack = session.stack_name;
  struct Wanted {
    const char* output;
    std::string& into;
  };
  for (const Wanted& wanted :
       {Wanted{"RunsTable", settings.runs_table}, Wanted{"ShardQueueUrl", settings.shard_queue_url},
        Wanted{"RetryQueueUrl", settings.retry_queue_url}, Wanted{"BatchBucket", settings.bucket}}) {
    auto value = co_await session.stack_output(wanted.output);
    if (!value) co_return fail(value.error());
    wanted.into = std::move(*value);
  }
  function::AwsWorld aws(**session.connection(), settings);
  function::World world = aws.world();
  SystemTime now = world.time.now();
  function::Flow flow(settings, {now + kPatience, now + kPatience, now + kPatience});
  co_return co_await function::resume_run(world, flow, std::move(run_id));
}

bool is_resumable(const function::StoredRun& run) {
  return objection_to_resuming(run).empty();
}

Task<int> resume(Session& session, ResumeFlags flags) {
  auto run = co_await chosen_run(session, flags.run, is_resumable);
  if (!run) co_return report_error(session, run.error());
  if (auto objection = objection_to_resuming(*run); !objection.empty())
    co_return report_error(session, "NotResumable", objection);
  auto resumed = co_await resume_in_aws(session, run->run.id);
  if (!resumed) co_return report_error(session, resumed.error());
  const batch::Run& known = resumed->run.run;
  bool has_shards = !resumed->shards.empty();
  if (session.is_json() && !flags.is_waiting) {
    print_json({{"runId", known.id},
                {"batch", known.object.key},
                {"shards", known.shard_count},
                {"shardsSent", json::value_from(resumed->shards)},
                {"finaliseSent", !has_shards}});
  } else if (!session.is_json()) {
    print_text(has_shards
                   ? fmt::format("Run {} of {} continues: {} of {} shards were sent to the workers.\n", known.id,
                                 printable(known.object.key), resumed->shards.size(), known.shard_count)
                   : fmt::format("Run {} of {} continues: every shard is done, its end was sent to the workers.\n",
                                 known.id, printable(known.object.key)));
  }
  if (flags.is_waiting)
    co_return co_await follow_run(session, known.id, known.object.size, std::chrono::seconds(flags.timeout_seconds));
  if (!session.is_json())
    print_text(fmt::format("`ads status {0}` shows how far it is, `ads report {0}` its end.\n", known.id));
  co_return kSuccess;
}

}  // namespace

void add_resume(CLI::App& program, Session& session) {
  auto flags = std::make_shared<ResumeFlags>();
  auto* command = program.add_subcommand(
      "resume",
      "Continue a run that failed or was canceled, once the cause is fixed: its stopped shards are sent to the\n"
      "workers again, each from where it stopped. What was done is not done again.\n"
      "Exit code with --wait: as `ads report`.");
  add_run_choice(*command, flags->run, "The newest run that failed");
  command->add_flag("--wait", flags->is_waiting, "Wait until the run has ended, and print its report");
  command->add_option("--timeout", flags->timeout_seconds, "Seconds to wait at most")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->callback([&session, flags] {
    require_run(flags->run);
    session.action = [&session, flags] { return resume(session, *flags); };
  });
}

}  // namespace ads::cli
