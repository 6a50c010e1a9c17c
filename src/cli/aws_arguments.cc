#include "cli/aws_arguments.h"

#include <algorithm>
#include <cctype>

namespace ads::cli {
namespace {

// "cloudwatch_logs": the service's id in AWS_ENDPOINT_URL_* and in [services], of a command of the aws CLI.
std::string service_of(std::string command) {
  if (command == "s3api") return "s3";
  if (command == "logs") return "cloudwatch_logs";
  std::replace(command.begin(), command.end(), '-', '_');
  return command;
}

// The service's own endpoint before the one of all services, as in every client of AWS that knows them.
std::string endpoint_of(const std::vector<std::string>& given, const aws::Configuration& configuration,
                        const aws::Variables& variables) {
  std::string service = given.empty() || given.front().starts_with('-') ? "" : service_of(given.front());
  std::string variable = "AWS_ENDPOINT_URL_" + service;
  std::transform(variable.begin(), variable.end(), variable.begin(), [](unsigned char c) { return std::toupper(c); });
  if (auto url = variables(variable); url && !service.empty()) return *url;
  for (const auto& id : {service, std::string()})
    if (auto found = configuration.endpoints.find(id); found != configuration.endpoints.end()) return found->second;
  return {};
}

}  // namespace

std::vector<std::string> aws_arguments(const std::vector<std::string>& given, const AwsPlace& place,
                                       const aws::Configuration& configuration, const aws::Variables& variables) {
  auto has = [&](std::string_view option) {
    return std::any_of(given.begin(), given.end(), [&](const std::string& word) {
      return word == option || word.starts_with(std::string(option) + "=");
    });
  };
  std::vector<std::string> words{"aws"};
  auto add = [&](const char* option, const std::string& value) {
    if (!value.empty() && !has(option)) words.insert(words.end(), {option, value});
  };
  add("--endpoint-url", place.endpoint_url.empty() ? endpoint_of(given, configuration, variables) : place.endpoint_url);
  add("--region", place.region);
  add("--profile", place.profile);
  words.insert(words.end(), given.begin(), given.end());
  return words;
}

}  // namespace ads::cli
