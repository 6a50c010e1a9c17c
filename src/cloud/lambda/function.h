// One version of a function: its configuration, and which deployment package it runs.
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "base/json.h"

namespace ads::cloud::lambda {

struct Function {
  std::string region, name;
  std::string version = "$LATEST";
  std::string runtime, role, handler, description;
  int timeout = 3;      // seconds
  int memory = 128;     // MB
  int ephemeral = 512;  // MB; not enforced, see docs/aws-differences.md
  std::string architecture = "x86_64";
  std::map<std::string, std::string> variables;
  std::string dead_letter_arn, kms_key_arn;
  std::string tracing = "PassThrough";
  std::string log_format = "Text", log_group;  // log_group empty: /aws/lambda/<name>
  std::string application_log_level, system_log_level;
  std::string code_sha;  // SHA-256 of the zip, hex
  std::uint64_t code_size = 0;
  std::string last_modified;  // "2026-11-22T16:20:05.123+0000"
  std::string revision_id;

  std::chrono::seconds time_limit() const { return std::chrono::seconds(timeout); }
  std::string group() const { return log_group.empty() ? "/aws/lambda/" + name : log_group; }
};

json::object to_json(const Function& function);  // as stored
std::optional<Function> read_function(std::string_view text);

// FunctionConfiguration, as the API answers it. `qualified`: the ARN names the version.
enum class ArnForm { unqualified, qualified };
json::object describe(const Function& function, std::string_view account, ArnForm form);

}  // namespace ads::cloud::lambda
