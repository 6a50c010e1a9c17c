#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "base/clock.h"
#include "cli/aws_profile.h"
#include "cli/commands.h"
#include "cli/running_clouds.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

constexpr std::chrono::seconds kStarting{2};

struct EnvFlags {
  std::uint16_t port = 0;
  std::string data, profile;
};

std::vector<RunningCloud> chosen_clouds(const EnvFlags& flags) {
  std::vector<RunningCloud> found = running_clouds();
  std::error_code error;
  if (flags.port) std::erase_if(found, [&](const auto& cloud) { return cloud.port != flags.port; });
  if (!flags.data.empty())
    std::erase_if(found, [&](const auto& cloud) {
      return !std::filesystem::equivalent(cloud.data_directory, flags.data, error);
    });
  return found;
}

Task<int> print_env(Session& session, EnvFlags flags) {
  std::vector<RunningCloud> found = chosen_clouds(flags);
  // `ads cloud & eval "$(ads env)"` asks before the cloud listens.
  for (auto end = std::chrono::steady_clock::now() + kStarting; found.empty() && std::chrono::steady_clock::now() < end;
       found = chosen_clouds(flags))
    co_await sleep_for(std::chrono::milliseconds(50));
  if (found.empty())
    co_return report_error(session, "NoCloud", "no such local cloud is running: start one with `ads cloud`");
  if (found.size() > 1) {
    std::string list;
    for (const auto& cloud : found) list += fmt::format("\n  --port {}  ({})", cloud.port, cloud.data_directory);
    co_return report_error(session, "ManyClouds", "several local clouds are running; choose one:" + list);
  }
  const RunningCloud& cloud = found.front();
  std::string region = session.region.empty() ? cloud.region : session.region;
  if (!flags.profile.empty()) {
    auto files = profile_files();
    auto written =
        write_profile(files, {flags.profile, cloud.endpoint, region, cloud.access_key_id, cloud.secret_access_key});
    if (!written) co_return report_error(session, written.error());
    if (session.is_json())
      print_json({{"profile", flags.profile}, {"endpoint", cloud.endpoint}, {"config", files.config}});
    else
      print(
          fmt::format("Wrote the profile {0} for {1} to {2}.\nUse it as: aws --profile {0} s3 ls (aws CLI 2.13 or "
                      "later; with any other: ads aws --profile {0} s3 ls)\n",
                      flags.profile, cloud.endpoint, files.config));
    co_return kSuccess;
  }
  if (session.is_json()) {
    print_json({{"AWS_ENDPOINT_URL", cloud.endpoint},
                {"AWS_ACCESS_KEY_ID", cloud.access_key_id},
                {"AWS_SECRET_ACCESS_KEY", cloud.secret_access_key},
                {"AWS_REGION", region},
                {"AWS_DEFAULT_REGION", region}});
  } else {
    print(
        fmt::format("export AWS_ENDPOINT_URL={0}\nexport AWS_ACCESS_KEY_ID={1}\nexport AWS_SECRET_ACCESS_KEY={2}\n"
                    "export AWS_REGION={3}\nexport AWS_DEFAULT_REGION={3}\nunset AWS_PROFILE AWS_SESSION_TOKEN\n",
                    cloud.endpoint, cloud.access_key_id, cloud.secret_access_key, region));
  }
  co_return kSuccess;
}

}  // namespace

void add_env(CLI::App& program, Session& session) {
  auto flags = std::make_shared<EnvFlags>();
  auto* command = program.add_subcommand(
      "env",
      "Print what makes AWS clients talk to the running local cloud. Use it as: eval \"$(ads env)\"\n"
      "It suits clients that know AWS_ENDPOINT_URL: aws CLI 2.13 or 1.29, boto3 1.28 and later,\n"
      "the SDK for JavaScript v3. For an older aws CLI there is `ads aws`.");
  command->add_option("--port", flags->port, "The cloud on that port, where several run")->check(CLI::Range(1, 65535));
  command->add_option("--data", flags->data, "The cloud with that data directory, where several run");
  command
      ->add_option("--profile", flags->profile,
                   "Instead of printing: write a profile of that name, with endpoint_url, to ~/.aws/config")
      ->option_text("NAME");
  command->callback([&session, flags] { session.action = [&session, flags] { return print_env(session, *flags); }; });
}

}  // namespace ads::cli
