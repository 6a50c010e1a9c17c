// The configuration members that CreateFunction and UpdateFunctionConfiguration share: checked, then set.
#include <fmt/format.h>
#include <sys/utsname.h>

#include <set>

#include "cloud/lambda/actions/actions.h"
#include "cloud/lambda/destination.h"
#include "cloud/lambda/errors.h"

namespace ads::cloud::lambda {

namespace {

constexpr std::size_t kVariablesLimit = 4'096;  // bytes, names and values together

const std::set<std::string, std::less<>> kReserved{"_HANDLER",
                                                   "_X_AMZN_TRACE_ID",
                                                   "AWS_DEFAULT_REGION",
                                                   "AWS_REGION",
                                                   "AWS_EXECUTION_ENV",
                                                   "AWS_LAMBDA_FUNCTION_NAME",
                                                   "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                                                   "AWS_LAMBDA_FUNCTION_VERSION",
                                                   "AWS_LAMBDA_INITIALIZATION_TYPE",
                                                   "AWS_LAMBDA_LOG_GROUP_NAME",
                                                   "AWS_LAMBDA_LOG_STREAM_NAME",
                                                   "AWS_ACCESS_KEY",
                                                   "AWS_ACCESS_KEY_ID",
                                                   "AWS_SECRET_ACCESS_KEY",
                                                   "AWS_SESSION_TOKEN",
                                                   "AWS_LAMBDA_RUNTIME_API",
                                                   "LAMBDA_TASK_ROOT",
                                                   "LAMBDA_RUNTIME_DIR"};

// Members that this cloud does not act on. An empty one says nothing and is let through.
constexpr std::string_view kUnsupported[] = {
    "Layers",        "FileSystemConfigs", "ImageConfig", "CodeSigningConfigArn", "CapacityProviderConfig",
    "DurableConfig", "TenancyConfig",     "PublishTo"};

bool is_empty(const json::value& value) {
  if (value.is_null()) return true;
  if (value.is_array()) return value.as_array().empty();
  if (value.is_string()) return value.as_string().empty();
  if (value.is_object())
    return std::all_of(value.as_object().begin(), value.as_object().end(),
                       [](auto& member) { return is_empty(member.value()) || member.value().is_bool(); });
  return false;
}

std::string machine() {
  struct utsname name{};
  ::uname(&name);
  return std::string_view(name.machine) == "aarch64" ? "arm64" : name.machine;
}

Outcome<void> check_range(const json::object& input, std::string_view member, std::string_view shown, int least,
                          int most, int& out) {
  if (!input.contains(member)) return {};
  auto value = number(input, member);
  if (!value || *value < least || *value > most)
    return refuse(invalid_member(shown, json::serialize(input.at(member)),
                                 !value || *value < least
                                     ? fmt::format("Member must have value greater than or equal to {}", least)
                                     : fmt::format("Member must have value less than or equal to {}", most)));
  out = static_cast<int>(*value);
  return {};
}

Outcome<void> check_one_of(const json::object& input, std::string_view member,
                           std::initializer_list<std::string_view> values, std::string& out) {
  auto value = get_string(input, member);
  if (!value) return {};
  for (auto known : values)
    if (*value == known) {
      out = *value;
      return {};
    }
  return refuse(
      invalid_member(member, *value, fmt::format("Member must satisfy enum value set: [{}]", fmt::join(values, ", "))));
}

Outcome<void> set_variables(Function& function, const json::object& environment) {
  auto* variables = get_object(environment, "Variables");
  std::map<std::string, std::string> out;
  std::size_t bytes = 0;
  std::string reserved;
  if (variables)
    for (auto& [name, value] : *variables) {
      if (!value.is_string())
        return refuse(invalid_parameter("Environment variable " + std::string(name) + " must be a string."));
      bool is_name = name.size() >= 2 && std::isalpha(static_cast<unsigned char>(name[0]));
      for (unsigned char c : std::string_view(name)) is_name = is_name && (std::isalnum(c) || c == '_');
      if (!is_name && !kReserved.contains(std::string_view(name)))
        return refuse(invalid_member("environment.variables", "{" + std::string(name) + "=...}",
                                     "Map keys must satisfy constraint: [Member must satisfy regular expression "
                                     "pattern: [a-zA-Z]([a-zA-Z0-9_])+]"));
      if (kReserved.contains(std::string_view(name))) reserved += (reserved.empty() ? "" : ", ") + std::string(name);
      bytes += name.size() + value.as_string().size();
      out[name] = value.as_string();
    }
  if (!reserved.empty())
    return refuse(invalid_parameter(
        "Lambda was unable to configure your environment variables because the environment variables you have provided "
        "contains "
        "reserved keys that are currently not supported for modification. Reserved keys used in this request: " +
        reserved));
  if (bytes > kVariablesLimit)
    return refuse(
        invalid_parameter("Lambda was unable to configure your environment variables because the environment variables "
                          "you have provided exceeded the "
                          "4KB limit."));
  function.variables = std::move(out);
  return {};
}

Outcome<void> set_logging(Function& function, const json::object& logging) {
  if (auto checked = check_one_of(logging, "LogFormat", {"Text", "JSON"}, function.log_format); !checked)
    return checked;
  if (auto checked = check_one_of(logging, "ApplicationLogLevel", {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"},
                                  function.application_log_level);
      !checked)
    return checked;
  if (auto checked = check_one_of(logging, "SystemLogLevel", {"DEBUG", "INFO", "WARN"}, function.system_log_level);
      !checked)
    return checked;
  if (auto group = get_string(logging, "LogGroup")) function.log_group = *group;
  if (function.log_format == "Text" && (!function.application_log_level.empty() || !function.system_log_level.empty()))
    return refuse(invalid_parameter("To use ApplicationLogLevel or SystemLogLevel, you must set LogFormat to JSON."));
  return {};
}

}  // namespace

Outcome<void> apply_configuration(Function& function, const json::object& input) {
  for (auto member : kUnsupported)
    if (auto* value = input.if_contains(member); value && !is_empty(*value))
      return refuse(not_implemented(fmt::format("A function with {}", member)));
  if (auto* vpc = input.if_contains("VpcConfig"); vpc && !is_empty(*vpc))
    return refuse(not_implemented("A function with VpcConfig"));
  if (auto* snap = get_object(input, "SnapStart"); snap && get_string(*snap, "ApplyOn").value_or("None") != "None")
    return refuse(invalid_parameter(function.runtime + " is not supported for SnapStart enabled functions."));
  if (get_string(input, "PackageType").value_or("Zip") != "Zip")
    return refuse(not_implemented("A function with PackageType Image"));

  if (auto runtime = get_string(input, "Runtime")) {
    if (*runtime != "provided.al2023" && *runtime != "provided.al2")
      return refuse(
          invalid_parameter(fmt::format("The runtime parameter of {} is not supported here: this local cloud runs "
                                        "provided.al2023 and provided.al2 only. Deploy an "
                                        "executable named bootstrap, or deploy to AWS.",
                                        *runtime)));
    function.runtime = *runtime;
  }
  if (auto role = get_string(input, "Role")) {
    if (!role->starts_with("arn:aws:iam::") || role->find(":role/") == std::string_view::npos)
      return refuse(invalid_member("role", *role,
                                   "Member must satisfy regular expression pattern: "
                                   "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+"));
    function.role = *role;
  }
  if (auto handler = get_string(input, "Handler")) {
    if (handler->size() > 128)
      return refuse(invalid_member("handler", *handler, "Member must have length less than or equal to 128"));
    if (handler->find_first_of(" \t\r\n") != std::string_view::npos)
      return refuse(invalid_member("handler", *handler, "Member must satisfy regular expression pattern: [^\\s]+"));
    function.handler = *handler;
  }
  if (auto description = get_string(input, "Description")) {
    if (description->size() > 256)
      return refuse(invalid_member("description", *description, "Member must have length less than or equal to 256"));
    function.description = *description;
  }
  if (auto checked = check_range(input, "Timeout", "timeout", 1, 900, function.timeout); !checked) return checked;
  if (auto checked = check_range(input, "MemorySize", "memorySize", 128, 10'240, function.memory); !checked)
    return checked;
  if (auto* storage = get_object(input, "EphemeralStorage"))
    if (auto checked = check_range(*storage, "Size", "ephemeralStorage.size", 512, 10'240, function.ephemeral);
        !checked)
      return checked;
  if (auto* architectures = get_array(input, "Architectures"); architectures && !architectures->empty()) {
    std::string wanted(architectures->front().is_string() ? std::string_view(architectures->front().as_string()) : "");
    if (architectures->size() != 1 || (wanted != "x86_64" && wanted != "arm64"))
      return refuse(invalid_member("architectures", json::serialize(*architectures),
                                   "Member must satisfy enum value set: [x86_64, arm64]"));
    if (wanted != machine())
      return refuse(
          invalid_parameter(fmt::format("Architecture {} cannot run here: this machine is {}. Build the bootstrap for "
                                        "{} and set Architectures to [{}].",
                                        wanted, machine(), machine(), machine())));
    function.architecture = wanted;
  } else if (function.code_sha.empty() && function.architecture != machine()) {
    // AWS's default is x86_64; a template that says nothing still runs on an arm64 machine.
    function.architecture = machine();
  }
  if (auto* environment = get_object(input, "Environment"))
    if (auto checked = set_variables(function, *environment); !checked) return checked;
  if (auto* tracing = get_object(input, "TracingConfig"))
    if (auto checked = check_one_of(*tracing, "Mode", {"Active", "PassThrough"}, function.tracing); !checked)
      return checked;
  if (auto* letters = get_object(input, "DeadLetterConfig")) {
    auto target = get_string(*letters, "TargetArn").value_or("");
    auto service = destination_service(target);
    if (!target.empty() && service != "sqs" && service != "sns")
      return refuse(invalid_parameter(fmt::format(
          "The provided dead letter target {} is invalid: an SQS queue or an SNS topic is needed.", target)));
    function.dead_letter_arn = target;
  }
  if (auto key = get_string(input, "KMSKeyArn")) function.kms_key_arn = *key;
  if (auto* logging = get_object(input, "LoggingConfig"))
    if (auto checked = set_logging(function, *logging); !checked) return checked;
  return {};
}

}  // namespace ads::cloud::lambda
