// `ads`: the operator's command line, and the local cloud.
#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <csignal>

#include "cli/commands.h"
#include "cli/session.h"

namespace {

using namespace ads::cli;

constexpr const char* kAbout =
    "ADS answers failed directory requests in bulk: drop a batch file in the bucket, get a report.\n\n"
    "First steps, on this machine alone:\n"
    "  ads cloud &                      start the local cloud\n"
    "  eval \"$(ads env)\"                talk to it (every AWS client does, too)\n"
    "  ads deploy --yes                 make the stack\n"
    "  ads submit FILE --wait           answer a batch file\n"
    "  ads doctor                       is everything ready, and well?\n\n"
    "The same commands work against AWS: leave `ads cloud` and `ads env` out.";

int run(int argc, char** argv) {
  ads::asio::io_context io(1);
  Session session(io);
  CLI::App program(kAbout, "ads");
  program.set_version_flag("--version", ADS_VERSION);
  program.require_subcommand(1);
  program.fallthrough();
  program.failure_message(CLI::FailureMessage::help);
  program.add_option("--output", session.output, "How to print: text for people, json for programs")
      ->transform(
          CLI::CheckedTransformer(std::map<std::string, Output>{{"text", Output::text}, {"json", Output::json}}))
      ->option_text("text|json");
  program.add_option("--region", session.region, "AWS region (default: AWS_REGION, AWS_DEFAULT_REGION, the profile's)");
  program.add_option("--profile", session.profile, "Profile of ~/.aws/config (default: AWS_PROFILE)");
  program.add_option("--endpoint-url", session.endpoint_url,
                     "Where the services are (default: AWS_ENDPOINT_URL, else AWS)");
  program.add_option("--stack-name", session.stack_name, "The stack to work with")->capture_default_str();
  for (auto add : {add_cloud,    add_env,   add_deploy, add_destroy, add_doctor, add_template,   add_users,
                   add_generate, add_check, add_submit, add_runs,    add_status, add_report,     add_resume,
                   add_retries,  add_dlq,   add_plan,   add_mail,    add_logs,   add_completion, add_manual})
    add(program, session);

  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    bool is_help = error.get_exit_code() == 0;
    program.exit(error);
    return is_help ? kSuccess : kUsage;
  }

  int code = kFailure;
  std::exception_ptr failure;
  ads::asio::co_spawn(io, session.action(), [&](std::exception_ptr exception, int result) {
    failure = exception;
    code = result;
    io.stop();
  });
  io.run();
  if (failure) std::rethrow_exception(failure);
  std::fflush(stdout);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ads: this is a bug in ads: %s\n", error.what());
    return kFailure;
  }
}
