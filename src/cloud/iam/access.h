// What IAM's and STS's own operations need to be allowed.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
#pragma once
#include <string_view>

#include "cloud/iam/actions/actions.h"

namespace ads::cloud::iam {

// Errors: AccessDenied (403).
Outcome<void> authorize(const Request& request, std::string_view operation);

}  // namespace ads::cloud::iam
