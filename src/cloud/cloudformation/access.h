// What CloudFormation's operations need to be allowed. What a stack makes is made by the local cloud itself, whoever
// asked.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
#pragma once
#include <string_view>

#include "base/json.h"
#include "cloud/call.h"
#include "cloud/cloudformation/actions/actions.h"
#include "cloud/resource_rule.h"
#include "cloud/wire_error.h"

namespace ads::cloud::cloudformation {

// What an operation acts on, by the member that names it. A change set is its stack's, which its ARN names or else
// StackName.
enum class On { stack, stack_or_every, stack_or_nothing, change_set, everything };
using Rule = ResourceRule<On>;

// Errors: AccessDenied (403).
Outcome<void> authorize(const Desk& desk, const Call& call, std::string_view operation, Rule resource,
                        const json::object& input);

}  // namespace ads::cloud::cloudformation
