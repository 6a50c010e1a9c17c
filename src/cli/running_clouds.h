// The local clouds that run on this machine: each writes a small file, readable by its owner alone, that `ads env`
// finds.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace ads::cli {

struct RunningCloud {
  std::string endpoint;  // "http://127.0.0.1:4566"
  std::uint16_t port = 0;
  int pid = 0;
  std::string data_directory;
  std::string access_key_id, secret_access_key, region;
  std::string console_token;  // X-Ads-Token, for the cloud's own pages
};

// $XDG_DATA_HOME/ads/cloud, or ~/.local/share/ads/cloud.
std::filesystem::path default_data_directory();

// Writes $XDG_STATE_HOME/ads/clouds/<port>.json with mode 0600. Errors: unavailable.
Result<void> announce(const RunningCloud& cloud);
void withdraw(const RunningCloud& cloud);

// Those whose process is alive, by port.
std::vector<RunningCloud> running_clouds();

}  // namespace ads::cli
