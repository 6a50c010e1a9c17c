#include "cloud/cloud.h"

#include <fmt/core.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>

#include "base/ids.h"
#include "base/log.h"
#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/running_clouds.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

struct CloudFlags {
  std::uint16_t port = 4566;
  unsigned idle_seconds = 120;
  std::string data, authentication = "verify", account = "000000000000";
  bool is_ephemeral = false;
  std::vector<std::string> hosts, origins;
};

Task<int> run_cloud(Session& session, CloudFlags flags) {
  ::umask(077);  // what the cloud keeps is its owner's alone
  cloud::CloudOptions options;
  options.port = flags.port;
  options.account = flags.account;
  options.authentication = flags.authentication == "off" ? cloud::Authentication::off : cloud::Authentication::verify;
  options.idle = std::chrono::seconds(flags.idle_seconds);
  options.visitors = {flags.hosts, flags.origins};
  options.console_token = random_hex(32);
  if (options.authentication == cloud::Authentication::off)
    std::fputs(
        "ads cloud: --auth off: every program of every user of this machine is let in as the account's root, and "
        "what it deploys runs as you.\n",
        stderr);
  if (!session.region.empty()) options.region = session.region;
  std::error_code error;
  if (flags.is_ephemeral) {
    std::string form = (std::filesystem::temp_directory_path() / "ads-cloud-XXXXXX").string();
    if (!::mkdtemp(form.data())) co_return report_error(session, "NoDirectory", "cannot make a directory like " + form);
    options.directory = form;
    options.durability = cloud::Durability::ephemeral;
  } else {
    options.directory = std::filesystem::absolute(
        flags.data.empty() ? default_data_directory() : std::filesystem::path(flags.data), error);
  }

  auto cloud = cloud::Cloud::open(session.io.get_executor(), options);
  if (!cloud) co_return report_error(session, cloud.error());
  asio::signal_set signals(session.io, SIGTERM, SIGINT);
  auto endpoint = co_await (*cloud)->start();
  if (!endpoint) {
    Error why = endpoint.error();
    if (why.code == "AddressInUse") why.message += "; take another with --port, or 0 for a free one";
    co_await (*cloud)->stop();
    co_return report_error(session, why);
  }

  auto key = (*cloud)->root_key();
  RunningCloud running;
  running.endpoint = *endpoint;
  running.port = static_cast<std::uint16_t>(std::atoi(endpoint->substr(endpoint->rfind(':') + 1).c_str()));
  running.pid = ::getpid();
  running.data_directory = options.directory.string();
  running.access_key_id = key.access_key_id;
  running.secret_access_key = key.secret_access_key;
  running.region = options.region;
  running.console_token = options.console_token;
  if (auto announced = announce(running); !announced)
    log(LogLevel::warning, "`ads env` will not find this cloud", {{"error", announced.error().message}});
  print(fmt::format("ads cloud listening on {}\n", *endpoint));
  std::fflush(stdout);

  boost::system::error_code ignored;
  co_await signals.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  withdraw(running);
  co_await (*cloud)->stop();
  co_return kSuccess;
}

}  // namespace

void add_cloud(CLI::App& program, Session& session) {
  auto flags = std::make_shared<CloudFlags>();
  auto* command = program.add_subcommand(
      "cloud",
      "Run the local cloud: S3, DynamoDB, SQS, SNS, SES, Lambda, CloudFormation, IAM, Logs and CloudWatch on one "
      "port.\n"
      "It answers AWS's own clients, keeps what it acknowledged through kill -9, and ends on SIGTERM or Ctrl-C.");
  command->add_option("--port", flags->port, "Port on 127.0.0.1; 0 takes a free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  auto* data = command->add_option("--data", flags->data,
                                   "Directory for its data (default: " + default_data_directory().string() + ")");
  command->add_flag("--ephemeral", flags->is_ephemeral, "Keep nothing: the data goes with the process")->excludes(data);
  add_choice<std::string>(*command, "--auth", flags->authentication,
                          "verify: check AWS signatures; off: every request is the account's root",
                          {{"verify", "verify"}, {"off", "off"}});
  command
      ->add_option(
          "--host", flags->hosts,
          "Another name by which this machine is called (may be repeated); requests to other names are refused")
      ->allow_extra_args(false);
  command
      ->add_option("--cors-origin", flags->origins,
                   "A page that may use the cloud from a browser, as http://localhost:3000 (may be repeated)")
      ->allow_extra_args(false)
      ->check([](const std::string& origin) {
        const auto at = origin.find("://");
        const bool is_origin = (origin.starts_with("http://") || origin.starts_with("https://")) &&
                               at + 3 < origin.size() && origin.find_first_of("/*?# ", at + 3) == origin.npos;
        return is_origin ? std::string{} : "'" + origin + "' is not an origin such as http://localhost:3000";
      });
  command
      ->add_option("--idle-seconds", flags->idle_seconds,
                   "Close a connection on which nothing moves so long, and a body that comes more slowly than 1 KiB/s")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  command->add_option("--account", flags->account, "Account id, 12 digits")
      ->check([](const std::string& id) {
        bool is_id = id.size() == 12 && id.find_first_not_of("0123456789") == id.npos;
        return is_id ? std::string{} : "'" + id + "' is not an account id of 12 digits";
      })
      ->capture_default_str();
  command->callback([&session, flags] { session.action = [&session, flags] { return run_cloud(session, *flags); }; });
}

}  // namespace ads::cli
