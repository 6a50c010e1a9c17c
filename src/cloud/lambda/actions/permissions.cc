// AddPermission, RemovePermission, GetPolicy.
#include "base/ids.h"
#include "cloud/lambda/actions/actions.h"
#include "cloud/lambda/errors.h"
#include "cloud/lambda/policy.h"

namespace ads::cloud::lambda {

namespace {

constexpr std::size_t kPolicyLimit = 20'480;  // bytes

std::string text(const json::object& input, std::string_view name) {
  return std::string(get_string(input, name).value_or(""));
}

}  // namespace

Task<Reply> add_permission(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  Permission permission{text(input, "StatementId"),    text(input, "Action"),
                        text(input, "Principal"),      text(input, "SourceArn"),
                        text(input, "SourceAccount"),  text(input, "EventSourceToken"),
                        text(input, "PrincipalOrgID"), text(input, "FunctionUrlAuthType")};
  for (auto [member, value] : {std::pair{"statementId", &permission.statement_id},
                               {"action", &permission.action},
                               {"principal", &permission.principal}})
    if (value->empty()) co_return refuse(invalid_member(member, "null", "Member must not be null"));
  for (unsigned char c : permission.statement_id)
    if (!std::isalnum(c) && c != '-' && c != '_')
      co_return refuse(invalid_member("statementId", permission.statement_id,
                                      "Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)"));
  if (permission.action != "lambda:*" && !(permission.action.starts_with("lambda:") && permission.action.size() > 7) &&
      permission.action != "*")
    co_return refuse(
        invalid_member("action", permission.action,
                       "Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])"));
  auto about = parts.state.about(region, name->name);
  if (!about) co_return refuse(function_not_found(parts.state.arn(region, *name)));
  if (auto revision = get_string(input, "RevisionId"); revision && *revision != about->policy_revision)
    co_return refuse(precondition_failed());
  auto& statements = about->policies[name->qualifier];
  for (auto& statement : statements)
    if (get_string(statement.as_object(), "Sid") == permission.statement_id)
      co_return refuse(
          conflict(fmt::format("The statement id ({}) provided already exists. Please provide a new statement id, or "
                               "remove the existing statement.",
                               permission.statement_id)));
  auto statement = to_statement(permission, parts.state.arn(region, *name));
  statements.push_back(statement);
  if (render_policy(statements).size() > kPolicyLimit)
    co_return refuse(user_error(400, "PolicyLengthExceededException",
                                fmt::format("The final policy size ({}) is bigger than the limit ({}).",
                                            render_policy(statements).size(), kPolicyLimit)));
  about->policy_revision = random_uuid();
  Batch batch;
  parts.state.put(batch, region, name->name, *about);
  if (auto stored = co_await commit(parts, std::move(batch)); !stored) co_return refuse(stored.error());
  co_return json::object{{"Statement", json::serialize(statement)}};
}

Task<Reply> remove_permission(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto about = parts.state.about(region, name->name);
  if (!about) co_return refuse(function_not_found(parts.state.arn(region, *name)));
  if (auto revision = get_string(input, "RevisionId"); revision && *revision != about->policy_revision)
    co_return refuse(precondition_failed());
  auto id = text(input, "StatementId");
  auto& statements = about->policies[name->qualifier];
  auto found = std::find_if(statements.begin(), statements.end(),
                            [&](const json::value& s) { return get_string(s.as_object(), "Sid") == id; });
  if (found == statements.end())
    co_return refuse(not_found(statements.empty() ? "No policy is associated with the given resource."
                                                  : fmt::format("Statement {} is not found in resource policy.", id)));
  statements.erase(found);
  about->policy_revision = random_uuid();
  Batch batch;
  parts.state.put(batch, region, name->name, *about);
  if (auto stored = co_await commit(parts, std::move(batch)); !stored) co_return refuse(stored.error());
  co_return json::object{};
}

Task<Reply> get_policy(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto about = parts.state.about(region, name->name);
  auto found = about ? about->policies.find(name->qualifier) : decltype(about->policies.end()){};
  if (!about || found == about->policies.end() || found->second.empty())
    co_return refuse(not_found("The resource you requested does not exist."));
  co_return json::object{{"Policy", render_policy(found->second)}, {"RevisionId", about->policy_revision}};
}

}  // namespace ads::cloud::lambda
