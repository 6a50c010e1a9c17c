#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "cli/commands.h"
#include "cli/running_clouds.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

struct EnvFlags {
  std::uint16_t port = 0;
  std::string data;
};

Task<int> print_env(Session& session, EnvFlags flags) {
  std::vector<RunningCloud> found = running_clouds();
  std::error_code error;
  if (flags.port) std::erase_if(found, [&](const auto& cloud) { return cloud.port != flags.port; });
  if (!flags.data.empty())
    std::erase_if(found, [&](const auto& cloud) {
      return !std::filesystem::equivalent(cloud.data_directory, flags.data, error);
    });
  if (found.empty())
    co_return report_error(session, "NoCloud", "no such local cloud is running: start one with `ads cloud`");
  if (found.size() > 1) {
    std::string list;
    for (const auto& cloud : found) list += fmt::format("\n  --port {}  ({})", cloud.port, cloud.data_directory);
    co_return report_error(session, "ManyClouds", "several local clouds are running; choose one:" + list);
  }
  const RunningCloud& cloud = found.front();
  std::string region = session.region.empty() ? cloud.region : session.region;
  if (session.is_json()) {
    print_json({{"AWS_ENDPOINT_URL", cloud.endpoint},
                {"AWS_ACCESS_KEY_ID", cloud.access_key_id},
                {"AWS_SECRET_ACCESS_KEY", cloud.secret_access_key},
                {"AWS_DEFAULT_REGION", region}});
  } else {
    print(
        fmt::format("export AWS_ENDPOINT_URL={}\nexport AWS_ACCESS_KEY_ID={}\nexport AWS_SECRET_ACCESS_KEY={}\n"
                    "export AWS_DEFAULT_REGION={}\nunset AWS_PROFILE AWS_SESSION_TOKEN\n",
                    cloud.endpoint, cloud.access_key_id, cloud.secret_access_key, region));
  }
  co_return kSuccess;
}

}  // namespace

void add_env(CLI::App& program, Session& session) {
  auto flags = std::make_shared<EnvFlags>();
  auto* command = program.add_subcommand(
      "env", "Print what makes AWS clients talk to the running local cloud. Use it as: eval \"$(ads env)\"");
  command->add_option("--port", flags->port, "The cloud on that port, where several run");
  command->add_option("--data", flags->data, "The cloud with that data directory, where several run");
  command->callback([&session, flags] { session.action = [&session, flags] { return print_env(session, *flags); }; });
}

}  // namespace ads::cli
