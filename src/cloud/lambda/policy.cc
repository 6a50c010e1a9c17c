#include "cloud/lambda/policy.h"

namespace ads::cloud::lambda {

std::string render_policy(const json::array& statements) {
  return json::serialize(json::object{{"Version", "2012-10-17"}, {"Id", "default"}, {"Statement", statements}});
}

json::object to_statement(const Permission& permission, std::string_view function_arn) {
  json::value principal;
  if (permission.principal == "*")
    principal = "*";
  else if (permission.principal.find(".amazonaws.com") != std::string::npos)
    principal = json::object{{"Service", permission.principal}};
  else if (permission.principal.starts_with("arn:"))
    principal = json::object{{"AWS", permission.principal}};
  else
    principal = json::object{{"AWS", "arn:aws:iam::" + permission.principal + ":root"}};
  json::object statement{{"Sid", permission.statement_id},
                         {"Effect", "Allow"},
                         {"Principal", std::move(principal)},
                         {"Action", permission.action},
                         {"Resource", function_arn}};
  json::object equals, like;
  if (!permission.source_account.empty()) equals["AWS:SourceAccount"] = permission.source_account;
  if (!permission.event_source_token.empty()) equals["lambda:EventSourceToken"] = permission.event_source_token;
  if (!permission.principal_org_id.empty()) equals["aws:PrincipalOrgID"] = permission.principal_org_id;
  if (!permission.url_auth_type.empty()) equals["lambda:FunctionUrlAuthType"] = permission.url_auth_type;
  if (!permission.source_arn.empty()) like["AWS:SourceArn"] = permission.source_arn;
  json::object condition;
  if (!equals.empty()) condition["StringEquals"] = std::move(equals);
  if (!like.empty()) condition["ArnLike"] = std::move(like);
  if (!condition.empty()) statement["Condition"] = std::move(condition);
  return statement;
}

}  // namespace ads::cloud::lambda
