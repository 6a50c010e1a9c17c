// What SNS's operations need to be allowed, and what a topic's policy lets other services do.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/access.h"
#include "cloud/call.h"

namespace ads::cloud::sns {

class Sns;

// Errors: AuthorizationError (403).
Outcome<void> authorize(Sns& sns, const Call& call, std::string_view operation, const json::object& input);

// One action of another service. Errors: AuthorizationError.
Outcome<void> authorize(Sns& sns, const std::string& topic_arn, std::string_view action, const Source& source);

}  // namespace ads::cloud::sns
