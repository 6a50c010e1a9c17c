// What the scheduler's operations need to be allowed.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
#pragma once
#include <string_view>

#include "cloud/call.h"
#include "cloud/wire_error.h"

namespace ads::cloud::scheduler {

// A guard of the front door: `body` as it came. Errors: AccessDeniedException (403).
Outcome<void> authorize(const Call& call, std::string_view body);

}  // namespace ads::cloud::scheduler
