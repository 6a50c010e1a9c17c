#include "cloud/lambda/policy.h"

namespace ads::cloud::lambda {

namespace {

bool wildcard(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p, ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

// The next of the ARN's fields; the sixth is all the rest.
std::string_view take_field(std::string_view& arn, int index) {
  auto colon = index == 5 ? std::string_view::npos : arn.find(':');
  auto field = arn.substr(0, colon);
  arn = colon == std::string_view::npos ? std::string_view() : arn.substr(colon + 1);
  return field;
}

std::string account_of(std::string_view arn, std::string_view fallback) {
  std::string_view field;
  for (int i = 0; i < 5; ++i) field = take_field(arn, i);
  return std::string(field.empty() ? fallback : field);
}

}  // namespace

bool arn_like(std::string_view pattern, std::string_view arn) {
  for (int i = 0; i < 6; ++i)
    if (!wildcard(take_field(pattern, i), take_field(arn, i))) return false;
  return true;
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

bool allows_invocation(const json::object& statement, const Source& source, std::string_view account) {
  auto action = get_string(statement, "Action").value_or("");
  if (action != "lambda:InvokeFunction" && action != "lambda:*" && action != "*") return false;
  auto* principal = statement.if_contains("Principal");
  bool is_anybody = principal && principal->is_string() && principal->as_string() == "*";
  auto service = principal && principal->is_object() ? get_string(principal->as_object(), "Service") : std::nullopt;
  if (!is_anybody && service != source.principal) return false;
  auto* condition = get_object(statement, "Condition");
  if (!condition) return true;
  if (auto* equals = get_object(*condition, "StringEquals"))
    for (auto& [name, value] : *equals) {
      if (name != "AWS:SourceAccount" || !value.is_string()) return false;  // what we cannot know does not hold
      if (account_of(source.arn, account) != value.as_string()) return false;
    }
  if (auto* like = get_object(*condition, "ArnLike"))
    for (auto& [name, value] : *like)
      if (name != "AWS:SourceArn" || !value.is_string() || !arn_like(value.as_string(), source.arn)) return false;
  return true;
}

}  // namespace ads::cloud::lambda
