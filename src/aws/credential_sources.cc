#include "aws/credential_sources.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "base/json.h"
#include "http/client.h"

namespace ads::aws {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kContainerHost = "http://169.254.170.2";
constexpr std::string_view kInstanceHost = "http://169.254.169.254";
constexpr std::size_t kProcessBytes = 64 * 1024;

std::unexpected<Error> broken(std::string message) {
  return fail(ErrorKind::denied, "BadCredentials", std::move(message));
}

Finding absent(std::string why) {
  return {std::nullopt, std::move(why)};
}

// Runs a credential_process. Blocks: it happens in command-line programs, before the first call and at renewals.
Result<std::string> run(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return broken("cannot start credential_process '" + command + "'");
  std::string output(kProcessBytes, '\0');
  output.resize(std::fread(output.data(), 1, output.size(), pipe));
  int status = pclose(pipe);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return broken(fmt::format("credential_process '{}' failed (status {})", command,
                              WIFEXITED(status) ? WEXITSTATUS(status) : status));
  return output;
}

Task<Result<std::string>> fetch(http::Client& http, http::Url url, http::Request request, milliseconds timeout,
                                std::string what) {
  auto response = co_await http.send(url.origin, request, timeout);
  if (!response) co_return broken(fmt::format("{}: {}", what, response.error().message));
  if (response->status != 200) co_return broken(fmt::format("{} answered {}", what, response->status));
  co_return std::move(response->body);
}

// Plain HTTP only where no network can listen: loopback, and the link-local addresses of ECS and EKS.
bool is_allowed(const http::Origin& origin) {
  return origin.scheme == "https" || origin.host == "localhost" || origin.host.starts_with("127.") ||
         origin.host == "::1" || origin.host == "169.254.170.2" || origin.host == "169.254.170.23" ||
         origin.host == "fd00:ec2::23";
}

bool is_true(const std::optional<std::string>& text) {
  return text == "true" || text == "True" || text == "TRUE";
}

}  // namespace

Result<Credentials> parse_credentials(std::string_view text, std::string_view source) {
  auto object = parse_json_object(text);
  if (!object) return broken(fmt::format("{} did not answer a JSON object", source));
  if (auto code = get_string(*object, "Code"); code && *code != "Success")
    return broken(fmt::format("{} answered '{}': {}", source, *code, get_string(*object, "Message").value_or("")));
  auto id = get_string(*object, "AccessKeyId"), secret = get_string(*object, "SecretAccessKey");
  if (!id || !secret || id->empty() || secret->empty())
    return broken(fmt::format("{} answered no AccessKeyId and SecretAccessKey", source));
  Credentials out{std::string(*id), std::string(*secret)};
  auto token = get_string(*object, "SessionToken");
  if (!token) token = get_string(*object, "Token");
  out.session_token = token.value_or("");
  if (auto expiration = get_string(*object, "Expiration")) {
    auto time = parse_iso8601(*expiration);
    if (!time) return broken(fmt::format("{}: Expiration: {}", source, time.error().message));
    out.expires = *time;
  }
  return out;
}

Task<Result<Finding>> from_variables(Search search) {
  auto id = search.variables("AWS_ACCESS_KEY_ID"), secret = search.variables("AWS_SECRET_ACCESS_KEY");
  if (!id && !secret) co_return absent("environment (AWS_ACCESS_KEY_ID is not set)");
  if (!id || !secret)
    co_return broken(fmt::format("{} is set but {} is not", id ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
                                 id ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID"));
  Credentials out{*id, *secret, search.variables("AWS_SESSION_TOKEN").value_or("")};
  co_return Finding{std::move(out), {}};
}

Task<Result<Finding>> from_profile(Search search) {
  auto& settings = search.configuration.settings;
  auto& profile = search.configuration.profile;
  auto get = [&](const char* name) {
    auto found = settings.find(name);
    return found == settings.end() ? std::string() : found->second;
  };
  auto id = get("aws_access_key_id"), secret = get("aws_secret_access_key");
  if (!id.empty() || !secret.empty()) {
    if (id.empty() || secret.empty())
      co_return broken(
          fmt::format("profile '{}' has only one of aws_access_key_id and aws_secret_access_key", profile));
    co_return Finding{Credentials{id, secret, get("aws_session_token")}, {}};
  }
  if (auto command = get("credential_process"); !command.empty()) {
    auto output = run(command);
    if (!output) co_return fail(output.error());
    auto credentials = parse_credentials(*output, fmt::format("credential_process of profile '{}'", profile));
    if (!credentials) co_return fail(credentials.error());
    co_return Finding{std::move(*credentials), {}};
  }
  for (auto name : {"role_arn", "sso_session", "sso_start_url", "web_identity_token_file", "login_session"})
    if (!get(name).empty())
      co_return broken(
          fmt::format("profile '{0}' uses {1}, which only the AWS CLI understands: run "
                      "eval \"$(aws configure export-credentials --profile {0} --format env)\", or give the "
                      "profile a credential_process",
                      profile, name));
  co_return absent(fmt::format("shared files (profile '{}' has no keys)", profile));
}

Task<Result<Finding>> from_container(Search search) {
  auto relative = search.variables("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  auto full = search.variables("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!relative && !full)
    co_return absent("container (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI are not set)");
  auto text = relative ? std::string(kContainerHost) + *relative : *full;
  auto url = http::parse_url(text);
  if (!url) co_return broken(fmt::format("container credentials: {}", url.error().message));
  if (!is_allowed(url->origin))
    co_return broken(fmt::format("container credentials: plain http to {} is not allowed", url->origin.host));
  auto path_start = text.find('/', text.find("//") + 2);  // with its query, which parse_url leaves out
  http::Request request{"GET", path_start == std::string::npos ? "/" : text.substr(path_start), {}, {}};
  auto token = search.variables("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (auto path = search.variables("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    std::ifstream file(*path);
    std::stringstream content;
    content << file.rdbuf();
    token = std::move(content).str();
    if (!file || token->empty())
      co_return broken(fmt::format("cannot read AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE {}", *path));
  }
  if (token) {
    while (token->ends_with('\n') || token->ends_with('\r')) token->pop_back();
    if (token->find_first_of("\r\n") != std::string::npos)
      co_return broken("the container's authorization token has a line break");
    request.headers.set("Authorization", *token);
  }
  auto body = co_await fetch(search.http, *url, request, milliseconds(2000), "the container's credential endpoint");
  if (!body) co_return fail(body.error());
  auto credentials = parse_credentials(*body, "the container's credential endpoint");
  if (!credentials) co_return fail(credentials.error());
  co_return Finding{std::move(*credentials), {}};
}

// IMDSv2: PUT /latest/api/token, then GET .../security-credentials/ for the role's name, then .../ROLE.
Task<Result<Finding>> from_instance(Search search) {
  if (is_true(search.variables("AWS_EC2_METADATA_DISABLED")))
    co_return absent("instance metadata (AWS_EC2_METADATA_DISABLED is true)");
  auto text = search.variables("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or(std::string(kInstanceHost));
  auto url = http::parse_url(text);
  if (!url) co_return broken(fmt::format("AWS_EC2_METADATA_SERVICE_ENDPOINT: {}", url.error().message));
  constexpr milliseconds kTimeout{1000};
  http::Request request{
      "PUT", url->path + "/latest/api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}}, {}};
  auto token = co_await fetch(search.http, *url, request, kTimeout, "instance metadata");
  if (!token) co_return absent(fmt::format("instance metadata at {} ({})", text, token.error().message));
  std::string path = url->path + "/latest/meta-data/iam/security-credentials/";
  request = {"GET", path, {{"X-aws-ec2-metadata-token", *token}}, {}};
  auto role = co_await fetch(search.http, *url, request, kTimeout, "instance metadata");
  if (!role || role->empty()) co_return absent("instance metadata (the instance has no role)");
  request.target = path + role->substr(0, role->find('\n'));
  auto body = co_await fetch(search.http, *url, request, kTimeout, "instance metadata");
  if (!body) co_return fail(body.error());
  auto credentials = parse_credentials(*body, "instance metadata");
  if (!credentials) co_return fail(credentials.error());
  co_return Finding{std::move(*credentials), {}};
}

}  // namespace ads::aws
