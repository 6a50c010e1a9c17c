// What Lambda's operations need to be allowed, and what a function's role lets Lambda do for it.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/access.h"
#include "cloud/call.h"
#include "cloud/lambda/actions/actions.h"
#include "cloud/resource_rule.h"

namespace ads::cloud::lambda {

// What an operation acts on, by the member that names it. Only some take a Qualifier: the others act on the function
// itself, whatever qualifier comes along.
enum class On { function, qualified_function, arn, new_mapping, changed_mapping, mapping, everything };
using Resource = ResourceRule<On>;

// `input`: the members of AWS's model, wherever the request carried them. Errors: AccessDeniedException (403).
Outcome<void> authorize(Parts& parts, const Call& call, std::string_view operation, Resource resource,
                        const json::object& input);

// Whether another service may invoke the function: by the function's policy, or by the role it acts with.
// Errors: AccessDeniedException.
Outcome<void> authorize_invocation(Parts& parts, const std::string& function_arn, const Source& source);

// Lambda acting for a function, with the function's role.
Source acting_for(const Environment& environment, const Function& function);

// Whether the function's role may take messages from that queue, or send to that destination.
// Errors: InvalidParameterValueException "The provided execution role does not have permissions to call ...".
Outcome<void> check_source_permissions(const Environment& environment, const Function& function,
                                       const std::string& queue_arn);
Outcome<void> check_destination_permission(Parts& parts, const Function& function, const std::string& target_arn);

}  // namespace ads::cloud::lambda
