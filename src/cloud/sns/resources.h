// What SNS's operations act on, as policies spell it, and what a topic's policy lets other services do.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
#pragma once
#include <string>
#include <string_view>

#include "cloud/sns/context.h"

namespace ads::cloud::sns {

using operations::Needs;
using operations::Request;

// The topic whose ARN the member is, with its policy.
Needs topic(const Context& context, const Request& request, std::string_view member);
Needs topic_named(const Context& context, const Request& request, std::string_view member);
Needs topic_of_subscription(const Context& context, const Request& request, std::string_view member);
// TopicArn, or TargetArn where that is absent: what Publish sends to.
Needs target(const Context& context, const Request& request, std::string_view member);
// A topic, with the condition keys of Subscribe.
Needs topic_to_subscribe(const Context& context, const Request& request, std::string_view member);
Needs every_topic(const Context& context, const Request& request, std::string_view member);

// One action of another service. Errors: AuthorizationError.
Outcome<void> authorize(Service& sns, const std::string& topic_arn, std::string_view action, const Source& source);

}  // namespace ads::cloud::sns
