// What IAM's and STS's own operations need to be allowed.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
#pragma once
#include <string_view>

#include "cloud/iam/actions/actions.h"
#include "cloud/resource_rule.h"

namespace ads::cloud::iam {

// What an operation acts on, by the member that names it. `nothing`: each principal may ask who it is and for a session
// of its own, and AssumeRole asks the role's trust policy.
enum class On {
  role,
  user,
  user_or_caller,
  policy,
  new_role,
  new_user,
  new_policy,
  every_role,
  every_user,
  every_policy,
  access_key,
  nothing
};
using Resource = ResourceRule<On>;

// Errors: AccessDenied (403).
Outcome<void> authorize(const Request& request, std::string_view operation, Resource resource);

}  // namespace ads::cloud::iam
