// AddPermission and RemovePermission: statements of the queue's policy, by label.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html
#include "cloud/sqs/actions.h"
#include "cloud/sqs/errors.h"
#include "cloud/sqs/input.h"

namespace ads::cloud::sqs {
namespace {

constexpr std::string_view kActions[] = {"*",
                                         "SendMessage",
                                         "ReceiveMessage",
                                         "DeleteMessage",
                                         "ChangeMessageVisibility",
                                         "GetQueueAttributes",
                                         "GetQueueUrl",
                                         "ListDeadLetterSourceQueues",
                                         "PurgeQueue"};

json::object policy_of(const Definition& definition) {
  if (const auto found = definition.attributes.find("Policy"); found != definition.attributes.end()) {
    if (auto policy = parse_json_object(found->second)) return std::move(*policy);
  }
  return {{"Version", "2012-10-17"}, {"Id", definition.arn() + "/SQSDefaultPolicy"}, {"Statement", json::array()}};
}

json::array statements_of(json::object& policy) {
  auto& statements = policy["Statement"];
  if (statements.is_object()) return {statements};
  return statements.is_array() ? statements.get_array() : json::array();
}

bool is_labelled(const json::value& statement, std::string_view label) {
  return statement.is_object() && get_string(statement.get_object(), "Sid") == label;
}

Reply save(Context& context, QueuePointer queue, json::object policy, json::array statements) {
  Definition definition = queue->definition();
  if (statements.empty()) {
    definition.attributes.erase("Policy");
  } else {
    policy["Statement"] = std::move(statements);
    definition.attributes["Policy"] = json::serialize(policy);
  }
  definition.modified = context.sqs.now();
  if (auto saved = context.sqs.queues().save(*queue, std::move(definition)); !saved) return refuse(saved.error());
  return json::object();
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 80 && std::all_of(label.begin(), label.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
  });
}

}  // namespace

Reply add_permission(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) return refuse(queue.error());
  const auto label = text(input, "Label");
  if (!is_label(label)) {
    return refuse(invalid_parameter(
        "Label", label, "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"));
  }
  const auto accounts = texts(input, "AWSAccountIds");
  const auto actions = texts(input, "Actions");
  if (accounts.empty()) return refuse(missing_parameter("AWSAccountIds"));
  if (actions.empty()) return refuse(missing_parameter("Actions"));
  if (actions.size() > 7) {
    return refuse(over_limit(fmt::format("{} Actions were found, maximum allowed is 7.", actions.size())));
  }
  json::array principals, names;
  for (const auto& account : accounts) principals.emplace_back("arn:aws:iam::" + account + ":root");
  for (const auto& action : actions) {
    if (std::find(std::begin(kActions), std::end(kActions), action) == std::end(kActions)) {
      return refuse(
          invalid_parameter("ActionName", action, "Please refer to the appropriate WSDL for a list of valid actions."));
    }
    names.emplace_back("SQS:" + action);
  }
  json::object policy = policy_of((*queue)->definition());
  json::array statements = statements_of(policy);
  for (const auto& statement : statements) {
    if (is_labelled(statement, label)) return refuse(invalid_parameter("Label", label, "Already exists."));
  }
  json::value principal = principals.size() == 1 ? principals[0] : json::value(principals);
  json::value action = names.size() == 1 ? names[0] : json::value(names);
  statements.push_back(json::object{{"Sid", label},
                                    {"Effect", "Allow"},
                                    {"Principal", json::object{{"AWS", principal}}},
                                    {"Action", action},
                                    {"Resource", (*queue)->definition().arn()}});
  return save(context, *queue, std::move(policy), std::move(statements));
}

Reply remove_permission(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) return refuse(queue.error());
  const auto label = text(input, "Label");
  json::object policy = policy_of((*queue)->definition());
  json::array left;
  const json::array statements = statements_of(policy);
  for (const auto& statement : statements) {
    if (!is_labelled(statement, label)) left.push_back(statement);
  }
  if (left.size() == statements.size()) {
    return refuse(invalid_parameter("Label", label, "can't find label on existing policy."));
  }
  return save(context, *queue, std::move(policy), std::move(left));
}

}  // namespace ads::cloud::sqs
