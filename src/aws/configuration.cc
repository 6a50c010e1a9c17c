#include "aws/configuration.h"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>

#include "aws/services.h"

namespace ads::aws {
namespace {

std::string path_of(const Variables& variables, std::string_view variable, std::string_view in_home) {
  auto home = variables("HOME").value_or("");
  auto path = variables(variable).value_or(home + "/.aws/" + std::string(in_home));
  if (path.starts_with("~/")) path = home + path.substr(1);
  return path;
}

// A file that does not exist is empty.
Result<std::string> read_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path);
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return "";
    return fail(ErrorKind::invalid, "BadConfiguration", fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  }
  std::stringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

bool is_true(const std::optional<std::string>& text) {
  return text == "true" || text == "True" || text == "TRUE";
}

std::optional<std::string> setting(const Section& section, std::string_view name) {
  auto found = section.find(name);
  if (found == section.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

Result<std::optional<int>> attempts(const std::optional<std::string>& text) {
  if (!text) return std::optional<int>();
  int value = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < 1)
    return fail(
        ErrorKind::invalid, "BadConfiguration",
        fmt::format("'{}' is no number of attempts: set AWS_MAX_ATTEMPTS (or max_attempts) to 1 or more", *text));
  return std::optional<int>(value);
}

// The most specific wins: variable of the service, variable for all, file for the service, file for all.
void read_endpoints(const Variables& variables, Configuration& out) {
  if (out.ignore_configured_endpoints) return;
  const Section* services = nullptr;
  if (auto name = setting(out.settings, "services"))
    if (auto found = out.files.services.find(*name); found != out.files.services.end()) services = &found->second;
  auto for_all = variables("AWS_ENDPOINT_URL");
  for (auto& service : kServices) {
    std::string suffix(service.id);
    for (char& c : suffix)
      if (c >= 'a' && c <= 'z') c = char(c - 32);
    std::optional<std::string> url = variables("AWS_ENDPOINT_URL_" + suffix);
    if (!url) url = for_all;
    if (!url && services) url = setting(*services, std::string(service.id) + ".endpoint_url");
    if (url) out.endpoints[std::string(service.id)] = *url;
  }
  if (!for_all) for_all = setting(out.settings, "endpoint_url");
  if (for_all) out.endpoints[""] = *for_all;
}

}  // namespace

Result<std::string> Configuration::region_or_error() const {
  if (!region.empty()) return region;
  return fail(ErrorKind::invalid, "NoRegion",
              fmt::format("no region: set AWS_REGION, or 'region' of profile '{}' in ~/.aws/config", profile));
}

Result<Configuration> load_configuration(const Variables& variables) {
  Configuration out;
  for (auto [variable, file, form] :
       {std::tuple{"AWS_SHARED_CREDENTIALS_FILE", "credentials", SharedFileForm::credentials},
        std::tuple{"AWS_CONFIG_FILE", "config", SharedFileForm::config}}) {
    auto path = path_of(variables, variable, file);
    auto text = read_file(path);
    if (!text) return fail(text.error());
    if (auto parsed = parse_shared_file(*text, path, form, out.files); !parsed) return fail(parsed.error());
  }
  auto asked_for = variables("AWS_PROFILE");
  if (!asked_for) asked_for = variables("AWS_DEFAULT_PROFILE");
  out.profile = asked_for.value_or("default");
  if (auto found = out.files.profiles.find(out.profile); found != out.files.profiles.end()) {
    out.settings = found->second;
  } else if (asked_for) {
    return fail(ErrorKind::invalid, "BadConfiguration",
                fmt::format("profile '{}' (AWS_PROFILE) is in neither {} nor {}", out.profile,
                            path_of(variables, "AWS_CONFIG_FILE", "config"),
                            path_of(variables, "AWS_SHARED_CREDENTIALS_FILE", "credentials")));
  }
  auto region = variables("AWS_REGION");
  if (!region) region = variables("AWS_DEFAULT_REGION");
  if (!region) region = setting(out.settings, "region");
  out.region = region.value_or("");

  auto ignore = variables("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  out.ignore_configured_endpoints = is_true(ignore ? ignore : setting(out.settings, "ignore_configured_endpoint_urls"));
  read_endpoints(variables, out);

  auto count = variables("AWS_MAX_ATTEMPTS");
  auto max_attempts = attempts(count ? count : setting(out.settings, "max_attempts"));
  if (!max_attempts) return fail(max_attempts.error());
  out.max_attempts = *max_attempts;
  return out;
}

}  // namespace ads::aws
