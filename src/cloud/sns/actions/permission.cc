// AddPermission and RemovePermission: statements of the topic's policy, by label.
// https://docs.aws.amazon.com/sns/latest/api/API_AddPermission.html
#include "cloud/sns/actions.h"
#include "cloud/sns/attributes.h"
#include "cloud/sns/errors.h"

namespace ads::cloud::sns {
namespace {

json::object policy_of(const Topic& topic) {
  const Attributes all = topic_attributes(topic);
  auto policy = parse_json_object(all.at("Policy"));
  return policy ? std::move(*policy) : json::object();
}

json::array statements_of(const json::object& policy) {
  const auto* statements = policy.if_contains("Statement");
  if (statements && statements->is_array()) return statements->get_array();
  return statements ? json::array{*statements} : json::array();
}

bool is_labelled(const json::value& statement, std::string_view label) {
  return statement.is_object() && get_string(statement.get_object(), "Sid") == label;
}

Reply save(Context& context, Topic topic, json::object policy, json::array statements) {
  policy["Statement"] = std::move(statements);
  topic.attributes["Policy"] = json::serialize(policy);
  if (auto saved = context.topics().save(std::move(topic)); !saved) return refuse(saved.error());
  return json::object();
}

}  // namespace

Reply add_permission(Context& context, const json::object& input) {
  auto topic = context.topics().find_arn(text(input, "TopicArn"));
  if (!topic) return refuse(topic.error());
  const std::string label = text(input, "Label");
  const auto accounts = texts(input, "AWSAccountId");
  const auto actions = texts(input, "ActionName");
  if (label.empty()) return refuse(invalid_parameter("Label"));
  json::object policy = policy_of((*topic)->topic);
  json::array statements = statements_of(policy);
  for (const auto& statement : statements) {
    if (is_labelled(statement, label)) return refuse(invalid_parameter("Statement already exists"));
  }
  json::array principals, names;
  for (const auto& account : accounts) principals.emplace_back("arn:aws:iam::" + account + ":root");
  for (const auto& action : actions) names.emplace_back("SNS:" + action);
  json::value principal = principals.size() == 1 ? principals[0] : json::value(principals);
  json::value action = names.size() == 1 ? names[0] : json::value(names);
  statements.push_back(json::object{{"Sid", label},
                                    {"Effect", "Allow"},
                                    {"Principal", json::object{{"AWS", principal}}},
                                    {"Action", action},
                                    {"Resource", (*topic)->topic.arn()}});
  return save(context, (*topic)->topic, std::move(policy), std::move(statements));
}

Reply remove_permission(Context& context, const json::object& input) {
  auto topic = context.topics().find_arn(text(input, "TopicArn"));
  if (!topic) return refuse(topic.error());
  const std::string label = text(input, "Label");
  json::object policy = policy_of((*topic)->topic);
  json::array left;
  for (const auto& statement : statements_of(policy)) {
    if (!is_labelled(statement, label)) left.push_back(statement);
  }
  return save(context, (*topic)->topic, std::move(policy), std::move(left));
}

}  // namespace ads::cloud::sns
