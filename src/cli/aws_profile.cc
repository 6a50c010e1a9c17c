#include "cli/aws_profile.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace ads::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::strchr(" \t\r", text.front())) text.remove_prefix(1);
  while (!text.empty() && std::strchr(" \t\r", text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    auto end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// "[profile local]" of any spacing; nothing for another line.
std::string section_of(std::string_view line) {
  line = trimmed(line);
  if (!line.starts_with('[')) return {};
  auto close = line.find(']');
  std::string name;
  for (char c : trimmed(line.substr(1, close == line.npos ? close : close - 1)))
    if (c != ' ' || !name.ends_with(' ')) name += c;
  return name;
}

std::string name_of(std::string_view line) {
  if (line.empty() || line.front() == ' ' || line.front() == '\t' || line.front() == '#') return {};
  auto equals = line.find('=');
  return equals == line.npos ? std::string() : std::string(trimmed(line.substr(0, equals)));
}

// A file that is not there is empty; one that cannot be read is an error, or its profiles would be lost.
Result<std::string> read_if_there(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) return std::string();
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return fail(ErrorKind::unavailable, "ReadFailed", fmt::format("cannot read {}", path));
  return text;
}

Result<void> replace(const std::string& path, const std::string& text) {
  auto failed = [&] {
    return fail(ErrorKind::unavailable, "WriteFailed", fmt::format("cannot write {}: {}", path, std::strerror(errno)));
  };
  std::error_code ignored;
  // Through a link to the file itself, so that the link stays.
  auto target = std::filesystem::weakly_canonical(path, ignored);
  if (ignored) target = path;
  std::filesystem::create_directories(target.parent_path(), ignored);
  std::string temporary = target.string() + ".XXXXXX";
  int descriptor = ::mkstemp(temporary.data());  // mode 0600
  if (descriptor < 0) return failed();
  bool is_good =
      ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
  is_good = ::close(descriptor) == 0 && is_good;
  if (!is_good || ::rename(temporary.c_str(), target.c_str()) != 0) {
    auto error = failed();
    ::unlink(temporary.c_str());
    return error;
  }
  return {};
}

}  // namespace

std::string with_settings(const std::string& text, const std::string& section, const Settings& settings) {
  std::string out;
  bool is_inside = false, is_written = false;
  auto is_ours = [&](const std::string& name) {
    return std::any_of(settings.begin(), settings.end(), [&](const auto& setting) { return setting.first == name; });
  };
  for (const auto& line : lines_of(text)) {
    if (auto name = section_of(line); !name.empty()) {
      is_inside = name == section;
      out += line + "\n";
      if (!is_inside || is_written) continue;
      for (const auto& [setting, value] : settings) out += fmt::format("{} = {}\n", setting, value);
      is_written = true;
      continue;
    }
    if (is_inside && is_ours(name_of(line))) continue;
    out += line + "\n";
  }
  if (is_written) return out;
  out += fmt::format("{}[{}]\n", out.empty() ? "" : "\n", section);
  for (const auto& [setting, value] : settings) out += fmt::format("{} = {}\n", setting, value);
  return out;
}

std::string setting_of(const std::string& text, const std::string& section, const std::string& name) {
  bool is_inside = false;
  for (const auto& line : lines_of(text)) {
    if (auto found = section_of(line); !found.empty())
      is_inside = found == section;
    else if (is_inside && name_of(line) == name)
      return std::string(trimmed(std::string_view(line).substr(line.find('=') + 1)));
  }
  return {};
}

bool is_profile_name(const std::string& name) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.@";
  return !name.empty() && name.size() <= 64 && name.find_first_not_of(kLetters) == name.npos;
}

ProfileFiles profile_files() {
  auto of = [](const char* variable, const char* name) {
    if (const char* path = std::getenv(variable); path && *path) return std::string(path);
    const char* home = std::getenv("HOME");
    return fmt::format("{}/.aws/{}", home ? home : "", name);
  };
  return {of("AWS_CONFIG_FILE", "config"), of("AWS_SHARED_CREDENTIALS_FILE", "credentials")};
}

Result<void> write_profile(const ProfileFiles& files, const LocalProfile& profile) {
  if (!is_profile_name(profile.name))
    return fail(ErrorKind::invalid, "BadProfile",
                fmt::format("'{}' is not a profile's name: letters, digits, '-', '_', '.' and '@'", profile.name));
  auto config = read_if_there(files.config), credentials = read_if_there(files.credentials);
  if (!config) return fail(config.error());
  if (!credentials) return fail(credentials.error());
  std::string section = profile.name == "default" ? "default" : "profile " + profile.name;
  auto endpoint = setting_of(*config, section, "endpoint_url");
  bool is_known = !setting_of(*config, section, "region").empty() || !endpoint.empty() ||
                  !setting_of(*credentials, profile.name, "aws_access_key_id").empty();
  bool is_local = endpoint.starts_with("http://127.0.0.1:") || endpoint.starts_with("http://localhost:");
  if (is_known && !is_local)
    return fail(
        ErrorKind::conflict, "ProfileExists",
        fmt::format("the profile {} in {} is not one of a local cloud: take another name", profile.name, files.config));
  auto written = replace(files.credentials, with_settings(*credentials, profile.name,
                                                          {{"aws_access_key_id", profile.access_key_id},
                                                           {"aws_secret_access_key", profile.secret_access_key}}));
  if (!written) return written;
  return replace(files.config,
                 with_settings(*config, section, {{"region", profile.region}, {"endpoint_url", profile.endpoint}}));
}

}  // namespace ads::cli
