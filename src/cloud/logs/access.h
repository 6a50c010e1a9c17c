// What CloudWatch Logs' operations need to be allowed.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/access.h"
#include "cloud/call.h"
#include "cloud/resource_rule.h"

namespace ads::cloud::logs {

// What an operation acts on, by the member that names it. Some take the group's name or its identifier: each that is
// given must be allowed.
enum class On { group, group_or_identifier, stream, stream_or_identifier, tagged_group, every_group };
using Resource = ResourceRule<On>;

// Errors: AccessDeniedException (400).
Outcome<void> authorize(const Call& call, std::string_view operation, Resource resource, const json::object& input);

// One action of another service (Lambda with its function's role) on a log stream. Errors: AccessDenied.
Outcome<void> authorize(const Environment& environment, const Source& source, std::string_view action,
                        std::string_view region, std::string_view group, std::string_view stream);

}  // namespace ads::cloud::logs
