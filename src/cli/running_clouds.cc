#include "cli/running_clouds.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/json.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

std::filesystem::path home_based(const char* variable, const char* below_home) {
  if (const char* path = std::getenv(variable); path && *path) return path;
  if (const char* home = std::getenv("HOME"); home && *home) return std::filesystem::path(home) / below_home;
  return std::filesystem::temp_directory_path() / fmt::format("ads-{}", ::getuid());
}

std::filesystem::path directory() {
  return home_based("XDG_STATE_HOME", ".local/state") / "ads" / "clouds";
}

std::filesystem::path file_of(std::uint16_t port) {
  return directory() / (std::to_string(port) + ".json");
}

}  // namespace

std::filesystem::path default_data_directory() {
  return home_based("XDG_DATA_HOME", ".local/share") / "ads" / "cloud";
}

Result<void> announce(const RunningCloud& cloud) {
  auto failed = [&](const std::string& why) {
    return fail(ErrorKind::unavailable, "WriteFailed", "cannot write " + file_of(cloud.port).string() + ": " + why);
  };
  std::error_code error;
  std::filesystem::create_directories(directory(), error);
  if (error) return failed(error.message());
  json::object object{{"endpoint", cloud.endpoint},
                      {"pid", cloud.pid},
                      {"dataDirectory", cloud.data_directory},
                      {"accessKeyId", cloud.access_key_id},
                      {"secretAccessKey", cloud.secret_access_key},
                      {"region", cloud.region},
                      {"consoleToken", cloud.console_token}};
  std::string text = pretty(object) + "\n";
  // Made anew under another name and moved: a reader never sees half of it, and the mode is ours from the first byte.
  std::string temporary = file_of(cloud.port).string() + ".new";
  ::unlink(temporary.c_str());
  int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return failed(std::strerror(errno));
  bool is_written = ::write(file, text.data(), text.size()) == ssize_t(text.size());
  ::close(file);
  if (!is_written) return failed(std::strerror(errno));
  std::filesystem::rename(temporary, file_of(cloud.port), error);
  if (error) return failed(error.message());
  return {};
}

void withdraw(const RunningCloud& cloud) {
  ::unlink(file_of(cloud.port).c_str());
}

std::vector<RunningCloud> running_clouds() {
  std::vector<RunningCloud> clouds;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory(), error)) {
    if (entry.path().extension() != ".json") continue;
    auto text = read_file(entry.path().string(), 64 * 1024);
    auto object = text ? parse_json_object(*text) : Result<json::object>(fail(text.error()));
    if (!object) continue;
    RunningCloud cloud;
    cloud.port = static_cast<std::uint16_t>(std::atoi(entry.path().stem().c_str()));
    cloud.endpoint = get_string(*object, "endpoint").value_or("");
    cloud.pid = static_cast<int>(get_integer(*object, "pid").value_or(0));
    cloud.data_directory = get_string(*object, "dataDirectory").value_or("");
    cloud.access_key_id = get_string(*object, "accessKeyId").value_or("");
    cloud.secret_access_key = get_string(*object, "secretAccessKey").value_or("");
    cloud.region = get_string(*object, "region").value_or("");
    cloud.console_token = get_string(*object, "consoleToken").value_or("");
    if (cloud.pid > 0 && ::kill(cloud.pid, 0) == 0) clouds.push_back(std::move(cloud));
  }
  std::sort(clouds.begin(), clouds.end(), [](const auto& a, const auto& b) { return a.port < b.port; });
  return clouds;
}

}  // namespace ads::cli
