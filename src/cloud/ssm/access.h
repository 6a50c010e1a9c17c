// What the parameter store's operations need to be allowed.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
#pragma once
#include <string_view>

#include "base/json.h"
#include "cloud/call.h"
#include "cloud/resource_rule.h"
#include "cloud/wire_error.h"

namespace ads::cloud::ssm {

// What an operation acts on, by the member that names it.
enum class On { name, names, path, every_parameter };
using Resource = ResourceRule<On>;

// Errors: AccessDeniedException (400).
Outcome<void> authorize(const Call& call, std::string_view operation, Resource resource, const json::object& input);

}  // namespace ads::cloud::ssm
