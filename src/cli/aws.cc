#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "cli/aws_arguments.h"
#include "cli/commands.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

Task<int> run_aws(Session& session, std::vector<std::string> given) {
  AwsPlace place{session.endpoint_url, session.region, session.profile};
  auto variables = [&, process = aws::process_variables()](std::string_view name) -> std::optional<std::string> {
    if (name == "AWS_PROFILE" && !place.profile.empty()) return place.profile;
    return process(name);
  };
  auto configuration = aws::load_configuration(variables);
  if (!configuration) co_return report_error(session, configuration.error());
  auto arguments = aws_arguments(given, place, *configuration, variables);
  std::vector<char*> words;
  for (auto& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  flush_output();
  std::signal(SIGPIPE, SIG_DFL);  // an ignored signal would stay ignored in the other program
  ::execvp(words.front(), words.data());
  co_return report_error(
      session, "NoAws",
      fmt::format("cannot run the aws CLI: {}; install it (on Debian: apt-get install awscli)", std::strerror(errno)));
}

}  // namespace

void add_aws(CLI::App& program, Session& session) {
  auto* command = program.add_subcommand(
      "aws",
      "Run the installed aws CLI where `ads` itself works: the local cloud of `ads env`, or AWS. Its arguments "
      "follow.\n"
      "The endpoint is passed on explicitly, because versions before 2.13 and 1.29 do not know AWS_ENDPOINT_URL.");
  command->prefix_command();
  command->fallthrough(false);  // --region, --output and --profile after `aws` are the aws CLI's own
  command->footer(
      "Examples:\n"
      "  ads aws s3 ls\n"
      "  ads aws sqs list-queues --output json");
  command->callback([&session, command] {
    session.action = [&session, words = command->remaining()] { return run_aws(session, words); };
  });
}

}  // namespace ads::cli
