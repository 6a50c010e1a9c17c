// A function's resource policy: statements as AddPermission writes them, and whether they let somebody invoke.
#pragma once
#include <string>

#include "base/json.h"
#include "cloud/ports.h"

namespace ads::cloud::lambda {

struct Permission {
  std::string statement_id, action, principal;
  std::string source_arn, source_account, event_source_token, principal_org_id, url_auth_type;
};

// {"Sid","Effect":"Allow","Principal":{"Service":..}|{"AWS":..}|"*","Action","Resource","Condition"}
json::object to_statement(const Permission& permission, std::string_view function_arn);

// Whether a statement lets the source invoke the function. SourceAccount is the ARN's own account, or `account` for an
// ARN that has none (S3's).
bool allows_invocation(const json::object& statement, const Source& source, std::string_view account);

// ArnLike: each of the six fields with * and ?.
bool arn_like(std::string_view pattern, std::string_view arn);

}  // namespace ads::cloud::lambda
