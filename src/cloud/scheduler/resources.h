// What the scheduler's operations act on, as policies spell it.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
#pragma once
#include <string_view>

#include "cloud/scheduler/context.h"

namespace ads::cloud::scheduler {

using operations::Needs;
using operations::Request;

// The schedule that the member names, in GroupName.
Needs schedule(const Context& context, const Request& request, std::string_view member);
// The same, and that its role may be passed on.
Needs schedule_with_role(const Context& context, const Request& request, std::string_view member);
// Those of the group that the member names, or all.
Needs schedules(const Context& context, const Request& request, std::string_view member);
Needs group(const Context& context, const Request& request, std::string_view member);
Needs every_group(const Context& context, const Request& request, std::string_view member);
// The resource whose ARN the member is.
Needs tagged(const Context& context, const Request& request, std::string_view member);

}  // namespace ads::cloud::scheduler
