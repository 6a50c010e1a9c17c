#include "cloud/lambda/function.h"

#include "base/encoding.h"
#include "cloud/lambda/function_name.h"

namespace ads::cloud::lambda {

json::object to_json(const Function& f) {
  json::object variables;
  for (auto& [name, value] : f.variables) variables[name] = value;
  return {{"region", f.region},
          {"name", f.name},
          {"version", f.version},
          {"runtime", f.runtime},
          {"role", f.role},
          {"handler", f.handler},
          {"description", f.description},
          {"timeout", f.timeout},
          {"memory", f.memory},
          {"ephemeral", f.ephemeral},
          {"architecture", f.architecture},
          {"variables", std::move(variables)},
          {"deadLetterArn", f.dead_letter_arn},
          {"kmsKeyArn", f.kms_key_arn},
          {"tracing", f.tracing},
          {"logFormat", f.log_format},
          {"logGroup", f.log_group},
          {"applicationLogLevel", f.application_log_level},
          {"systemLogLevel", f.system_log_level},
          {"codeSha", f.code_sha},
          {"codeSize", f.code_size},
          {"lastModified", f.last_modified},
          {"revisionId", f.revision_id}};
}

std::optional<Function> read_function(std::string_view text) {
  auto parsed = parse_json_object(text);
  if (!parsed) return {};
  auto string = [&](std::string_view name) { return std::string(get_string(*parsed, name).value_or("")); };
  auto number = [&](std::string_view name) { return get_integer(*parsed, name).value_or(0); };
  Function f;
  f.region = string("region");
  f.name = string("name");
  f.version = string("version");
  f.runtime = string("runtime");
  f.role = string("role");
  f.handler = string("handler");
  f.description = string("description");
  f.timeout = static_cast<int>(number("timeout"));
  f.memory = static_cast<int>(number("memory"));
  f.ephemeral = static_cast<int>(number("ephemeral"));
  f.architecture = string("architecture");
  if (auto* variables = get_object(*parsed, "variables"))
    for (auto& [name, value] : *variables) f.variables[name] = value.as_string();
  f.dead_letter_arn = string("deadLetterArn");
  f.kms_key_arn = string("kmsKeyArn");
  f.tracing = string("tracing");
  f.log_format = string("logFormat");
  f.log_group = string("logGroup");
  f.application_log_level = string("applicationLogLevel");
  f.system_log_level = string("systemLogLevel");
  f.code_sha = string("codeSha");
  f.code_size = number("codeSize");
  f.last_modified = string("lastModified");
  f.revision_id = string("revisionId");
  return f;
}

json::object describe(const Function& f, std::string_view account, ArnForm form) {
  auto digest = from_hex(f.code_sha);
  json::object out{
      {"FunctionName", f.name},
      {"FunctionArn", function_arn(f.region, account, f.name, form == ArnForm::qualified ? f.version : "")},
      {"Runtime", f.runtime},
      {"Role", f.role},
      {"Handler", f.handler},
      {"CodeSize", f.code_size},
      {"Description", f.description},
      {"Timeout", f.timeout},
      {"MemorySize", f.memory},
      {"LastModified", f.last_modified},
      {"CodeSha256", digest ? to_base64(*digest) : ""},
      {"Version", f.version},
      {"TracingConfig", {{"Mode", f.tracing}}},
      {"RevisionId", f.revision_id},
      {"State", "Active"},
      {"LastUpdateStatus", "Successful"},
      {"PackageType", "Zip"},
      {"Architectures", json::array{json::value(f.architecture)}},
      {"EphemeralStorage", {{"Size", f.ephemeral}}},
      {"SnapStart", {{"ApplyOn", "None"}, {"OptimizationStatus", "Off"}}},
  };
  json::object logging{{"LogFormat", f.log_format}, {"LogGroup", f.group()}};
  if (!f.application_log_level.empty()) logging["ApplicationLogLevel"] = f.application_log_level;
  if (!f.system_log_level.empty()) logging["SystemLogLevel"] = f.system_log_level;
  out["LoggingConfig"] = std::move(logging);
  if (!f.variables.empty()) {
    json::object variables;
    for (auto& [name, value] : f.variables) variables[name] = value;
    out["Environment"] = json::object{{"Variables", std::move(variables)}};
  }
  if (!f.dead_letter_arn.empty()) out["DeadLetterConfig"] = json::object{{"TargetArn", f.dead_letter_arn}};
  if (!f.kms_key_arn.empty()) out["KMSKeyArn"] = f.kms_key_arn;
  return out;
}

}  // namespace ads::cloud::lambda
