// What CloudFormation's operations need to be allowed. What a stack makes is made by the city itself, whoever asked.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
#pragma once
#include <string_view>

#include "cloud/call.h"
#include "cloud/wire_error.h"

namespace ads::cloud::cloudformation {

// A guard of the front door: `body` as it came. Errors: AccessDenied (403).
Outcome<void> authorize(const Call& call, std::string_view body);

}  // namespace ads::cloud::cloudformation
