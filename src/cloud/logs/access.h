// What CloudWatch Logs' operations need to be allowed.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/access.h"
#include "cloud/call.h"

namespace ads::cloud::logs {

// Errors: AccessDeniedException (400).
Outcome<void> authorize(const Call& call, std::string_view operation, const json::object& input);

// One action of another service (Lambda with its function's role) on a log stream. Errors: AccessDenied.
Outcome<void> authorize(const Environment& environment, const Source& source, std::string_view action,
                        std::string_view region, std::string_view group, std::string_view stream);

}  // namespace ads::cloud::logs
