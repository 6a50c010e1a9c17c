// What CloudWatch Logs' operations act on, as policies spell it.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
#pragma once
#include <string>
#include <string_view>

#include "cloud/logs/context.h"

namespace ads::cloud::logs {

using operations::Needs;
using operations::Request;

// The group that the member names.
Needs group(const Context& context, const Request& request, std::string_view member);
// The same, or logGroupIdentifier's: each that is given must be allowed.
Needs group_or_identifier(const Context& context, const Request& request, std::string_view member);
// The stream logStreamName of the group.
Needs stream(const Context& context, const Request& request, std::string_view member);
Needs stream_or_identifier(const Context& context, const Request& request, std::string_view member);
// The group whose ARN the member is.
Needs tagged_group(const Context& context, const Request& request, std::string_view member);
Needs every_group(const Context& context, const Request& request, std::string_view member);

// One action of another service (Lambda with its function's role) on a log stream. Errors: AccessDenied.
Outcome<void> authorize(const Environment& environment, const Source& source, std::string_view action,
                        std::string_view region, std::string_view group, std::string_view stream);

}  // namespace ads::cloud::logs
