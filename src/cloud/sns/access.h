// What SNS's operations need to be allowed, and what a topic's policy lets other services do.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/access.h"
#include "cloud/call.h"
#include "cloud/resource_rule.h"

namespace ads::cloud::sns {

class Sns;

// What an operation acts on, by the member that names it. Publish takes either of two.
enum class On { topic, topic_name, subscription, publish_target, every_topic };
using Resource = ResourceRule<On>;

// Errors: AuthorizationError (403).
Outcome<void> authorize(Sns& sns, const Call& call, std::string_view operation, Resource resource,
                        const json::object& input);

// One action of another service. Errors: AuthorizationError.
Outcome<void> authorize(Sns& sns, const std::string& topic_arn, std::string_view action, const Source& source);

}  // namespace ads::cloud::sns
