// What CloudWatch's operations need to be allowed.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
#pragma once
#include <string_view>

#include "base/json.h"
#include "cloud/call.h"
#include "cloud/wire_error.h"

namespace ads::cloud::cloudwatch {

// Errors: AccessDenied (403).
Outcome<void> authorize(const Call& call, std::string_view operation, const json::object& input);

}  // namespace ads::cloud::cloudwatch
