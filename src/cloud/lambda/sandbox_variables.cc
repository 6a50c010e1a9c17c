#include "cloud/lambda/sandbox.h"

namespace ads::cloud::lambda {

// Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
std::vector<std::string> sandbox_variables(const Environment& environment, const Function& function,
                                           const SessionCredentials& credentials, std::string_view task_root,
                                           std::string_view scratch, std::string_view log_stream,
                                           std::uint16_t runtime_port) {
  std::map<std::string, std::string> all{
      {"LANG", "en_US.UTF-8"}, {"PATH", "/usr/local/bin:/usr/bin:/bin:/opt/bin"}, {"TZ", ":UTC"},
      // The user's own come before those that follow: Lambda's are reserved and cannot be replaced.
  };
  for (auto& [name, value] : function.variables) all[name] = value;
  all["_HANDLER"] = function.handler;
  all["AWS_REGION"] = all["AWS_DEFAULT_REGION"] = function.region;
  all["AWS_LAMBDA_FUNCTION_NAME"] = function.name;
  all["AWS_LAMBDA_FUNCTION_VERSION"] = function.version;
  all["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = std::to_string(function.memory);
  all["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand";
  all["AWS_LAMBDA_LOG_GROUP_NAME"] = function.group();
  all["AWS_LAMBDA_LOG_STREAM_NAME"] = log_stream;
  all["AWS_LAMBDA_RUNTIME_API"] = fmt::format("127.0.0.1:{}", runtime_port);
  all["LAMBDA_TASK_ROOT"] = task_root;
  all["LAMBDA_RUNTIME_DIR"] = task_root;  // no /var/runtime here: an OS-only runtime's bootstrap is in the package
  if (function.log_format == "JSON") {
    all["AWS_LAMBDA_LOG_FORMAT"] = "JSON";
    all["AWS_LAMBDA_LOG_LEVEL"] = function.application_log_level.empty() ? "INFO" : function.application_log_level;
  }
  all["AWS_ACCESS_KEY_ID"] = credentials.access_key_id;
  all["AWS_SECRET_ACCESS_KEY"] = credentials.secret_access_key;
  all["AWS_SESSION_TOKEN"] = credentials.session_token;
  // What makes this cloud the function's cloud; AWS SDKs read it.
  all.try_emplace("AWS_ENDPOINT_URL", environment.endpoint);
  // Sandboxes share the machine's /tmp; those that ask get a directory that goes with the sandbox.
  all.try_emplace("TMPDIR", scratch);
  std::vector<std::string> out;
  for (auto& [name, value] : all) out.push_back(name + "=" + value);
  return out;
}

}  // namespace ads::cloud::lambda
