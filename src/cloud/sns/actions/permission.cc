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

Answer save(Sns& sns, Topic topic, json::object policy, json::array statements) {
  policy["Statement"] = std::move(statements);
  topic.attributes["Policy"] = json::serialize(policy);
  if (auto saved = sns.topics().save(std::move(topic)); !saved) co_return refuse(saved.error());
  if (auto done = co_await sns.durable(); !done) co_return refuse(done.error());
  co_return json::object();
}

}  // namespace

Answer add_permission(Sns& sns, Call&, json::object input) {
  auto topic = sns.topics().find_arn(text_of(input, "TopicArn"));
  if (!topic) co_return refuse(topic.error());
  const std::string label = text_of(input, "Label");
  const auto accounts = texts_of(input, "AWSAccountId");
  const auto actions = texts_of(input, "ActionName");
  if (label.empty()) co_return refuse(invalid_parameter("Label"));
  if (accounts.empty()) co_return refuse(invalid_parameter("AWSAccountId"));
  if (actions.empty()) co_return refuse(invalid_parameter("ActionName"));
  json::object policy = policy_of((*topic)->topic);
  json::array statements = statements_of(policy);
  for (const auto& statement : statements) {
    if (is_labelled(statement, label)) co_return refuse(invalid_parameter("Statement already exists"));
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
  co_return co_await save(sns, (*topic)->topic, std::move(policy), std::move(statements));
}

Answer remove_permission(Sns& sns, Call&, json::object input) {
  auto topic = sns.topics().find_arn(text_of(input, "TopicArn"));
  if (!topic) co_return refuse(topic.error());
  const std::string label = text_of(input, "Label");
  json::object policy = policy_of((*topic)->topic);
  json::array left;
  for (const auto& statement : statements_of(policy)) {
    if (!is_labelled(statement, label)) left.push_back(statement);
  }
  co_return co_await save(sns, (*topic)->topic, std::move(policy), std::move(left));
}

}  // namespace ads::cloud::sns
