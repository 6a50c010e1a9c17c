// Dynamic references: "{{resolve:ssm:/a/name:3}}" inside a resource's properties.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/wire_error.h"

namespace ads::cloud::cloudformation {

// The text of a parameter in the parameter store, by name, path or ARN, each with ":3" for a version.
using FindParameter = std::function<Outcome<std::string>(const std::string& name)>;

bool has_dynamic_references(const json::value& value);

// The properties with every reference replaced by its value. Errors: ValidationError, where a parameter is not there,
// and for the services that the local cloud has not (secretsmanager, ssm-secure), by name.
Outcome<json::object> resolve_dynamic_references(const json::object& properties, const FindParameter& find);

}  // namespace ads::cloud::cloudformation
