// `ads`: the operator's command line, and the local cloud.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <csignal>
#include <sstream>

#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/help_page.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "cli/usage_error.h"

namespace {

using namespace ads::cli;

constexpr const char* kAbout =
    "ADS answers failed directory requests in bulk: drop a batch file in the bucket, get a report.\n\n"
    "First steps, on this machine alone:\n"
    "  ads cloud &                      start the local cloud\n"
    "  eval \"$(ads env)\"                talk to it; for the aws CLI: ads aws ...\n"
    "  ads deploy --yes                 make the stack\n"
    "  ads submit FILE --wait           answer a batch file\n"
    "  ads doctor                       is everything ready, and well?\n\n"
    "The same commands work against AWS: leave `ads cloud` and `ads env` out.";

class HelpFormatter : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* command, std::string, CLI::AppFormatMode) const override {
    return help_page(*command, terminal_size().columns);
  }
};

void add_everything(CLI::App& program, Session& session) {
  program.set_version_flag("--version", ADS_VERSION, "Print the version and end");
  program.set_help_flag("-h,--help", "Print this page and end");
  program.require_subcommand(1);
  program.fallthrough();
  program.formatter(std::make_shared<HelpFormatter>());
  add_choice(program, "--output", session.output, "How to print: text for people, json for programs",
             {{"text", Output::text}, {"json", Output::json}});
  program.add_option("--region", session.region, "AWS region (default: AWS_REGION, AWS_DEFAULT_REGION, the profile's)");
  program.add_option("--profile", session.profile, "Profile of ~/.aws/config (default: AWS_PROFILE)")
      ->option_text("NAME");
  program
      .add_option("--endpoint-url", session.endpoint_url,
                  "Where the services are (default: AWS_ENDPOINT_URL, else AWS)")
      ->option_text("URL");
  program.add_option("--stack-name", session.stack_name, "The stack to work with")
      ->option_text("NAME")
      ->capture_default_str();
  for (auto add :
       {add_cloud,    add_env,     add_aws,    add_deploy, add_destroy, add_doctor,     add_template,   add_users,
        add_generate, add_check,   add_submit, add_runs,   add_status,  add_quarantine, add_report,     add_cancel,
        add_resume,   add_retries, add_dlq,    add_plan,   add_mail,    add_logs,       add_completion, add_manual})
    add(program, session);
}

// The exit code where the command line alone decides it: help, version, an error.
std::optional<int> parse(CLI::App& program, Session& session, int argc, char** argv) {
  if (argc == 1) {
    std::fputs(program.help().c_str(), stderr);
    return kUsage;
  }
  // `ads help users import` is `ads users import --help`.
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words.front() == "help") {
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  std::ranges::reverse(words);  // as CLI11 wants them
  try {
    program.parse(std::move(words));
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      std::ostringstream page;
      program.exit(error, page, page);
      print_text(page.str());
      flush_output();
      return kSuccess;
    }
    report_error(session, "Usage", usage_error(program, error));
    return kUsage;
  }
}

int run(int argc, char** argv) {
  ads::asio::io_context io(1);
  Session session(io);
  CLI::App program(kAbout, "ads");
  add_everything(program, session);
  if (auto decided = parse(program, session, argc, argv)) return *decided;

  int code = kFailure;
  std::exception_ptr failure;
  ads::asio::co_spawn(io, session.action(), [&](std::exception_ptr exception, int result) {
    failure = exception;
    code = result;
    io.stop();
  });
  io.run();
  if (failure) std::rethrow_exception(failure);
  flush_output();
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  claim_standard_streams();
  std::signal(SIGPIPE, SIG_IGN);  // of sockets; a closed pipe at standard output ends the program in print
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ads: this is a bug in ads: %s\n", error.what());
    return kFailure;
  }
}
