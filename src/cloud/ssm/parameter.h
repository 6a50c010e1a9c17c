// A parameter as values: its names, what is asked of a new version, and how a version is stored.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "cloud/secret_key.h"
#include "cloud/wire_error.h"

namespace ads::cloud::ssm {

using Tags = std::map<std::string, std::string>;

// One version. `type` is "String", "StringList" or "SecureString"; the value is kept as it was given.
struct Version {
  std::uint64_t number = 1;
  std::string type, value, description, allowed_pattern, key_id;
  std::string tier = "Standard", data_type = "text";
  std::string user;  // who wrote it
  SystemTime modified;
  std::vector<std::string> labels;
};

struct Parameter {
  std::string name;
  Version current;
  Tags tags;
  std::string client_token;  // of the stack operation that made it
};

// A name as a request may have it: "/app/port", "/app/port:3", "/app/port:stable", or the ARN of one of these.
struct Reference {
  std::string name;
  std::string selector;  // a version or a label; empty: the newest version
};
Reference parse_reference(std::string_view text);

std::string parameter_arn(std::string_view account, std::string_view region, std::string_view name);

// Errors: ValidationException, HierarchyLevelLimitExceededException.
Outcome<void> check_name(std::string_view name);

// PutParameter's members, and a template's properties of the same names, as the next version after `before` (nullptr:
// the first). Errors: ValidationException, HierarchyTypeMismatchException, UnsupportedParameterType,
// InvalidAllowedPatternException, ParameterPatternMismatchException; NotImplemented for policies and images.
Outcome<Version> next_version(const json::object& input, const Version* before);

// A request's Tags. Errors: TooManyTagsError.
Outcome<Tags> read_tags(const json::object& input);

// A SecureString's value stands sealed, bound to `context`: where the version stands.
std::string write(const SecretKey& secrets, std::string_view context, const Version& version);
std::optional<Version> read_version(const SecretKey& secrets, std::string_view context, std::uint64_t number,
                                    std::string_view stored);

}  // namespace ads::cloud::ssm
