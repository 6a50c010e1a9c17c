// What a client is told by environment variables and the shared files ~/.aws/config and ~/.aws/credentials.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "aws/variables.h"
#include "base/result.h"

namespace ads::aws {

using Section = std::map<std::string, std::string, std::less<>>;

// The shared files as read: profiles by name, and [services NAME] sections with "s3.endpoint_url" for nested settings.
struct SharedFiles {
  std::map<std::string, Section, std::less<>> profiles;
  std::map<std::string, Section, std::less<>> services;
};

// One file's text, in the form of ~/.aws/config ("[profile NAME]") or of ~/.aws/credentials ("[NAME]"), merged into
// `files`: what is set already stays. Errors: invalid / "BadConfiguration" with the line.
enum class SharedFileForm { config, credentials };
Result<void> parse_shared_file(std::string_view text, std::string_view name, SharedFileForm form, SharedFiles& files);

struct Configuration {
  std::string region;  // may be empty: region_or_error()
  std::string profile = "default";
  Section settings;  // the profile's
  SharedFiles files;
  bool ignore_configured_endpoints = false;
  // endpoint URLs: by service ("dynamodb"), and "" for all of them
  std::map<std::string, std::string, std::less<>> endpoints;
  std::optional<int> max_attempts;

  Result<std::string> region_or_error() const;
};

// Reads AWS_PROFILE, AWS_REGION, AWS_DEFAULT_REGION, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, AWS_ENDPOINT_URL,
// AWS_ENDPOINT_URL_<SERVICE>, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, AWS_MAX_ATTEMPTS and the files they name.
// Errors: invalid / "BadConfiguration": an unreadable file, an unknown profile that was asked for by name, a bad
// number.
Result<Configuration> load_configuration(const Variables& variables);

}  // namespace ads::aws
