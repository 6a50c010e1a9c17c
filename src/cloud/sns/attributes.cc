#include "cloud/sns/attributes.h"

#include "cloud/access_policy.h"
#include "cloud/sns/errors.h"

namespace ads::cloud::sns {
namespace {

bool is_boolean(std::string_view value) {
  return value == "true" || value == "false";
}

bool is_feedback(std::string_view name) {
  for (const std::string_view protocol : {"HTTP", "Firehose", "Lambda", "Application", "SQS"}) {
    for (const std::string_view suffix :
         {"SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn"}) {
      if (name.starts_with(protocol) && name.substr(protocol.size()) == suffix) return true;
    }
  }
  return false;
}

bool is_document(std::string_view name) {
  return name == "Policy" || name == "DeliveryPolicy" || name == "FilterPolicy" || name == "RedrivePolicy";
}

WireError bad(std::string_view name, std::string_view why) {
  return invalid_parameter(fmt::format("{} Reason: {}", name, why));
}

std::string default_policy(const Topic& topic) {
  json::array actions{"SNS:GetTopicAttributes",
                      "SNS:SetTopicAttributes",
                      "SNS:AddPermission",
                      "SNS:RemovePermission",
                      "SNS:DeleteTopic",
                      "SNS:Subscribe",
                      "SNS:ListSubscriptionsByTopic",
                      "SNS:Publish"};
  return json::serialize(json::object{
      {"Version", "2008-10-17"},
      {"Id", "__default_policy_ID"},
      {"Statement",
       json::array{json::object{
           {"Sid", "__default_statement_ID"},
           {"Effect", "Allow"},
           {"Principal", json::object{{"AWS", "*"}}},
           {"Action", std::move(actions)},
           {"Resource", topic.arn()},
           {"Condition", json::object{{"StringEquals", json::object{{"AWS:SourceOwner", topic.account}}}}}}}}});
}

}  // namespace

Outcome<void> set_topic_attribute(const Topic& topic, Attributes& attributes, const std::string& name,
                                  const std::string& value, Moment moment) {
  if (is_document(name) && (name == "Policy" || name == "DeliveryPolicy")) {
    if (value.empty()) {
      attributes.erase(name);
      return {};
    }
    if (!parse_json_object(value))
      return refuse(bad(name, name == "Policy" ? "Policy Error: null" : "failed to parse JSON"));
    if (name == "Policy")
      if (auto policy = access::parse_policy(value, access::PolicyKind::resource); !policy)
        return refuse(bad(name, "Policy Error: " + policy.error().message));
  } else if (name == "DisplayName") {
    if (value.size() > 100) return refuse(bad(name, "at most 100 characters"));
  } else if (name == "FifoTopic") {
    if (moment == Moment::changing) return refuse(invalid_parameter("AttributeName"));
    if (!is_boolean(value)) return refuse(bad(name, "must be true or false"));
    if (value == "false") return {};
  } else if (name == "ContentBasedDeduplication") {
    if (!topic.is_fifo())
      return refuse(bad("Attributes", "Content-based deduplication can only be set for FIFO topics"));
    if (!is_boolean(value)) return refuse(bad(name, "must be true or false"));
  } else if (name == "FifoThroughputScope") {
    if (!topic.is_fifo()) return refuse(bad("Attributes", "FifoThroughputScope can only be set for FIFO topics"));
    if (value != "Topic" && value != "MessageGroup") return refuse(bad(name, "must be Topic or MessageGroup"));
  } else if (name == "SignatureVersion") {
    if (value != "1" && value != "2") return refuse(bad(name, "must be 1 or 2"));
  } else if (name == "TracingConfig") {
    if (value != "Active" && value != "PassThrough") return refuse(bad(name, "must be Active or PassThrough"));
  } else if (name == "ArchivePolicy") {
    return refuse(not_implemented("the topic attribute ArchivePolicy (message archiving and replay)"));
  } else if (name == "KmsMasterKeyId") {
    if (value.empty()) {
      attributes.erase(name);
      return {};
    }
  } else if (!is_feedback(name)) {
    return refuse(invalid_parameter("AttributeName"));
  }
  attributes[name] = value;
  return {};
}

Attributes topic_attributes(const Topic& topic) {
  Attributes all = topic.attributes;
  all["TopicArn"] = topic.arn();
  all["Owner"] = topic.account;
  all.try_emplace("DisplayName", "");
  all.try_emplace("Policy", default_policy(topic));
  if (topic.is_fifo()) {
    all["FifoTopic"] = "true";
    all.try_emplace("ContentBasedDeduplication", "false");
    all.try_emplace("FifoThroughputScope", "Topic");
  }
  const json::object retries{{"minDelayTarget", 20},       {"maxDelayTarget", 20},   {"numRetries", 3},
                             {"numMaxDelayRetries", 0},    {"numNoDelayRetries", 0}, {"numMinDelayRetries", 0},
                             {"backoffFunction", "linear"}};
  all["EffectiveDeliveryPolicy"] =
      all.contains("DeliveryPolicy")
          ? all["DeliveryPolicy"]
          : json::serialize(json::object{{"http", json::object{{"defaultHealthyRetryPolicy", retries},
                                                               {"disableSubscriptionOverrides", false}}}});
  return all;
}

Outcome<void> check_filter(const Subscription& subscription) {
  const auto policy = subscription.attributes.find("FilterPolicy");
  if (policy == subscription.attributes.end()) return {};
  const auto scope = subscription.attributes.find("FilterPolicyScope");
  const bool is_body = scope != subscription.attributes.end() && scope->second == "MessageBody";
  auto parsed = FilterPolicy::parse(policy->second, is_body ? FilterScope::body : FilterScope::attributes);
  if (!parsed) return refuse(parsed.error());
  return {};
}

Outcome<void> set_subscription_attribute(Subscription& subscription, const std::string& name,
                                         const std::string& value) {
  if (name == "ReplayPolicy" || name == "SubscriptionRoleArn") {
    return refuse(not_implemented("the subscription attribute " + name));
  }
  if (name == "RawMessageDelivery") {
    if (!is_boolean(value)) {
      return refuse(invalid_parameter(
          fmt::format("Attributes Reason: RawMessageDelivery: Invalid value [{}]. Must be true or false.", value)));
    }
    if (value == "true" && subscription.protocol == "lambda") {
      return refuse(invalid_parameter(
          "Attributes Reason: RawMessageDelivery: Delivery protocol [lambda] does not support raw message delivery."));
    }
  } else if (name == "FilterPolicyScope") {
    if (value != "MessageAttributes" && value != "MessageBody") {
      return refuse(
          invalid_parameter(fmt::format("Attributes Reason: FilterPolicyScope: Invalid value [{}]. Please use either "
                                        "MessageBody or MessageAttributes",
                                        value)));
    }
  } else if (!is_document(name) || name == "Policy") {
    return refuse(invalid_parameter("AttributeName"));
  } else if (value.empty() || (name == "FilterPolicy" && value == "{}")) {
    subscription.attributes.erase(name);
    return {};
  } else if (name == "RedrivePolicy") {
    auto policy = parse_json_object(value);
    if (!policy) return refuse(invalid_parameter("RedrivePolicy: failed to parse JSON."));
    const auto arn = get_string(*policy, "deadLetterTargetArn").value_or("");
    if (!arn.starts_with("arn:aws:sqs:") || policy->size() != 1) {
      return refuse(invalid_parameter("RedrivePolicy: deadLetterTargetArn is an invalid arn"));
    }
    if (subscription.topic_arn.ends_with(".fifo") != arn.ends_with(".fifo")) {
      return refuse(invalid_parameter(
          "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO topic, and a standard one for a standard topic"));
    }
  } else if (name == "DeliveryPolicy") {
    return refuse(invalid_parameter("DeliveryPolicy: applies to http and https endpoints only"));
  }
  subscription.attributes[name] = value;
  return {};
}

Attributes subscription_attributes(const Subscription& subscription, std::string_view account) {
  Attributes all = subscription.attributes;
  all["SubscriptionArn"] = subscription.arn();
  all["TopicArn"] = subscription.topic_arn;
  all["Protocol"] = subscription.protocol;
  all["Endpoint"] = subscription.endpoint;
  all["Owner"] = account;
  all["SubscriptionPrincipal"] = fmt::format("arn:aws:iam::{}:root", account);
  all["PendingConfirmation"] = "false";
  all["ConfirmationWasAuthenticated"] = "true";
  all.try_emplace("RawMessageDelivery", "false");
  if (all.contains("FilterPolicy")) all.try_emplace("FilterPolicyScope", "MessageAttributes");
  return all;
}

}  // namespace ads::cloud::sns
