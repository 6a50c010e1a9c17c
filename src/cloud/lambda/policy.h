// A function's resource policy: statements as AddPermission writes them.
#pragma once
#include <string>

#include "base/json.h"

namespace ads::cloud::lambda {

struct Permission {
  std::string statement_id, action, principal;
  std::string source_arn, source_account, event_source_token, principal_org_id, url_auth_type;
};

// {"Sid","Effect":"Allow","Principal":{"Service":..}|{"AWS":..}|"*","Action","Resource","Condition"}
json::object to_statement(const Permission& permission, std::string_view function_arn);

// {"Version", "Id", "Statement"}: the whole policy as GetPolicy shows it.
std::string render_policy(const json::array& statements);

}  // namespace ads::cloud::lambda
