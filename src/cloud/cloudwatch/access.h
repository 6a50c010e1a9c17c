// What CloudWatch's operations need to be allowed.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
#pragma once
#include <string_view>

#include "base/json.h"
#include "cloud/call.h"
#include "cloud/resource_rule.h"
#include "cloud/wire_error.h"

namespace ads::cloud::cloudwatch {

// What an operation acts on, by the member that names it.
enum class On { alarm, alarm_or_every, alarms, every_alarm, dashboard, dashboards, arn, everything };
using Resource = ResourceRule<On>;

// Errors: AccessDenied (403).
Outcome<void> authorize(const Call& call, std::string_view operation, Resource resource, const json::object& input);

}  // namespace ads::cloud::cloudwatch
