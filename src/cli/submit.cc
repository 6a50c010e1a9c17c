#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "aws/cloudformation/client.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/printable.h"
#include "cli/run_follower.h"
#include "cli/session.h"
#include "cli/submit_name.h"
#include "cli/terminal.h"
#include "cli/upload.h"

namespace ads::cli {
namespace {

struct SubmitFlags {
  std::string file, as;
  bool is_waiting = false, is_forced = false;
  int timeout_seconds = 3600;
};

// What dispatch judges a name by.
struct NameRules {
  batch::AcceptDates accept = batch::AcceptDates::today;
  batch::Date today;
};

Task<Result<NameRules>> name_rules(Session& session) {
  auto connection = session.connection();
  if (!connection) co_return fail(connection.error());
  auto described = co_await aws::cloudformation::Client(**connection).describe_stacks(session.stack_name);
  if (!described) co_return fail(described.error());
  NameRules rules;
  batch::TimeZone zone;
  for (const auto& stack : described->stacks)
    for (const auto& parameter : stack.parameters) {
      std::string value = parameter.value.value_or("");
      if (parameter.key == "AcceptDates" && value == "any") rules.accept = batch::AcceptDates::any;
      if (parameter.key != "TimeZone") continue;
      auto parsed = batch::parse_time_zone(value);
      if (!parsed) co_return fail(parsed.error());
      zone = std::move(*parsed);
    }
  rules.today = zone.date_at(system_clock().now());
  co_return rules;
}

Task<int> submit(Session& session, SubmitFlags flags) {
  InputFile input;
  if (auto opened = input.open(flags.file); !opened) co_return report_error(session, opened.error());
  auto bucket = co_await session.stack_output("BatchBucket");
  if (!bucket) co_return report_error(session, bucket.error());
  auto rules = co_await name_rules(session);
  if (!rules) co_return report_error(session, rules.error());
  std::string file = is_standard_input(flags.file) ? "" : std::filesystem::path(flags.file).filename().string();
  if (file.empty() && flags.as.empty())
    co_return report_error(
        session, "NoName",
        fmt::format("standard input has no name: give it one with --as {}", suggested_name({}, ".csv", rules->today)));
  std::string key = flags.as.empty() ? file : flags.as;
  auto name = check_name(key, file, rules->accept, rules->today);
  if (name.outcome != NameCheck::Outcome::accepted && !flags.is_forced)
    co_return report_error(session, name.code, name.sentence);

  when_interrupted(
      fmt::format("ads: interrupted before {} was sent: no run has begun. Submit it again.", printable(key)));
  auto object = co_await upload(session, input, *bucket, key);
  if (!object) co_return report_error(session, object.error());
  std::string run_id = batch::run_id(*object);
  if (name.outcome == NameCheck::Outcome::unnoticed) {
    if (session.is_json())
      print_json({{"bucket", *bucket}, {"key", key}, {"bytes", object->size}});
    else
      print_text(fmt::format("Sent s3://{}/{}. No event rule matches it: no run begins.\n", *bucket, printable(key)));
    co_return kSuccess;
  }
  if (!flags.is_waiting) {
    if (session.is_json())
      print_json({{"runId", run_id}, {"bucket", *bucket}, {"key", key}, {"bytes", object->size}});
    else
      print_text(
          fmt::format("Sent s3://{}/{} as run {}.\n`ads status {}` shows how far it is, `ads report {}` its end.\n",
                      *bucket, printable(key), run_id, run_id.substr(0, 8), run_id.substr(0, 8)));
    co_return kSuccess;
  }
  co_return co_await follow_run(session, run_id, object->size, std::chrono::seconds(flags.timeout_seconds));
}

}  // namespace

void add_submit(CLI::App& program, Session& session) {
  auto flags = std::make_shared<SubmitFlags>();
  auto* command = program.add_subcommand(
      "submit",
      "Send a batch file to the bucket; with --wait, follow it and print its report.\n"
      "Its name must be DES_Manually_Process_DD-MM-YYYY or ADS_..., with the day's date; --as gives it one.\n"
      "Exit code with --wait: 0 all records answered; 3 done, with lines in quarantine; 1 failed.");
  command
      ->add_option("FILE", flags->file, "A batch file, - for standard input; `ads check FILE` shows what it would do")
      ->required();
  command->add_option("--as", flags->as, "The name in the bucket (default: the file's)")->option_text("NAME");
  command->add_flag("--force", flags->is_forced, "Send it even under a name that would be refused or not noticed");
  command->add_flag("--wait", flags->is_waiting, "Wait until the run has ended, and print its report");
  command->add_option("--timeout", flags->timeout_seconds, "Seconds to wait at most")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  ads submit export.csv --as DES_Manually_Process_22-11-2026.csv --wait\n"
      "  grep ',503,' export.csv | ads submit - --as DES_Manually_Process_22-11-2026.csv");
  command->callback([&session, flags] { session.action = [&session, flags] { return submit(session, *flags); }; });
}

}  // namespace ads::cli
