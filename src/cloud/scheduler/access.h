// What the scheduler's operations need to be allowed.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
#pragma once
#include <string_view>

#include "base/json.h"
#include "cloud/call.h"
#include "cloud/resource_rule.h"
#include "cloud/wire_error.h"

namespace ads::cloud::scheduler {

// What an operation acts on, by the member that names it; a schedule's group is its second name.
enum class On { schedule, every_schedule, group, every_group, arn };
using Resource = ResourceRule<On>;

// `input`: the members of AWS's model, wherever the request carried them. Errors: AccessDeniedException (403).
Outcome<void> authorize(const Call& call, std::string_view operation, Resource resource, const json::object& input);

}  // namespace ads::cloud::scheduler
