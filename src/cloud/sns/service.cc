#include "cloud/sns/service.h"

#include "base/ids.h"
#include "cloud/sns/attributes.h"
#include "cloud/sns/errors.h"
#include "cloud/sns/operations.h"

namespace ads::cloud::sns {
namespace {

constexpr std::size_t kMostFilterPolicies = 200;

bool is_topic_name(std::string_view name) {
  if (name.ends_with(".fifo")) name.remove_suffix(5);
  return !name.empty() && name.size() <= 256 && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
  });
}

bool is_deliverable(std::string_view protocol) {
  return protocol == "sqs" || protocol == "lambda";
}

bool is_protocol_of_aws(std::string_view protocol) {
  for (const std::string_view known : {"http", "https", "email", "email-json", "sms", "application", "firehose"}) {
    if (protocol == known) return true;
  }
  return false;
}

Outcome<void> check_endpoint(const Topic& topic, const std::string& protocol, const std::string& endpoint) {
  if (is_protocol_of_aws(protocol)) {
    return refuse(
        not_implemented(fmt::format("SNS subscriptions of protocol {}; sqs and lambda are delivered to", protocol)));
  }
  if (!is_deliverable(protocol)) {
    return refuse(invalid_parameter(fmt::format("Amazon SNS does not support this protocol string: {}", protocol)));
  }
  const bool is_queue = protocol == "sqs";
  const std::string_view start = is_queue ? "arn:aws:sqs:" : "arn:aws:lambda:";
  if (!endpoint.starts_with(start) || std::count(endpoint.begin(), endpoint.end(), ':') < 5) {
    return refuse(invalid_parameter(is_queue ? "SQS endpoint ARN" : "Lambda endpoint ARN"));
  }
  if (is_queue && endpoint.ends_with(".fifo") && !topic.is_fifo()) {
    return refuse(invalid_parameter(
        "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics"));
  }
  if (!is_queue && topic.is_fifo()) {
    return refuse(invalid_parameter("Invalid parameter: Endpoint Reason: Please use FIFO SQS queue"));
  }
  return {};
}

}  // namespace

Service::Service(Environment& environment)
    : environment_(environment),
      topics_(environment),
      metrics_(environment),
      outbox_(environment, metrics_),
      pipeline_(make_pipeline(environment, *this)) {}

Task<http::Reply> Service::answer(Call& call) {
  return pipeline_.answer(call);
}

Task<void> Service::start() {
  outbox_.start();
  co_return;
}

void Service::bring_deadlines_forward(Batch& batch, std::chrono::milliseconds by) {
  outbox_.bring_forward(batch, by);
}

Task<void> Service::stop() {
  co_await outbox_.stop();
  co_await metrics_.stop();
}

Task<Outcome<void>> Service::durable() {
  if (auto done = co_await environment_.store.durable(); !done) co_return refuse(internal_failure(done.error()));
  co_return Outcome<void>();
}

Outcome<Topic> Service::create_topic(const std::string& region, const std::string& name, const Attributes& attributes,
                                     const std::map<std::string, std::string>& tags) {
  if (!is_topic_name(name)) return refuse(invalid_parameter("Topic Name"));
  const auto fifo = attributes.find("FifoTopic");
  const bool wants_fifo = fifo != attributes.end() && fifo->second == "true";
  if (wants_fifo && !name.ends_with(".fifo")) {
    return refuse(invalid_parameter("Topic Name Reason: a FIFO topic's name must end with .fifo"));
  }
  if (!wants_fifo && name.ends_with(".fifo")) {
    return refuse(invalid_parameter("Topic Name Reason: only a topic with FifoTopic true may end with .fifo"));
  }
  Topic topic{region, environment_.account, name, {}, tags, ""};
  for (const auto& [attribute, value] : attributes) {
    auto set = set_topic_attribute(topic, topic.attributes, attribute, value, Moment::creating);
    if (!set) return refuse(set.error());
  }
  if (const auto existing = topics_.find(region, name)) {
    const Attributes current = topic_attributes(existing->topic);
    for (const auto& [attribute, value] : topic.attributes) {
      const auto found = current.find(attribute);
      if (found == current.end() || found->second != value) {
        return refuse(invalid_parameter("Attributes Reason: Topic already exists with different attributes"));
      }
    }
    if (!tags.empty() && tags != existing->topic.tags) {
      return refuse(invalid_parameter("Tags Reason: Topic already exists with different tags"));
    }
    return existing->topic;
  }
  if (auto saved = topics_.save(topic); !saved) return refuse(saved.error());
  return topic;
}

Outcome<Subscription> Service::subscribe(const LoadedTopic& topic, const std::string& protocol,
                                         const std::string& endpoint, const Attributes& attributes,
                                         const std::string& made_by) {
  if (auto checked = check_endpoint(topic.topic, protocol, endpoint); !checked) return refuse(checked.error());
  Subscription wanted{topic.topic.arn(), random_uuid(), protocol, endpoint, {}};
  wanted.made_by = made_by;
  for (const auto& [name, value] : attributes) {
    if (auto set = set_subscription_attribute(wanted, name, value); !set) return refuse(set.error());
  }
  if (auto checked = check_filter(wanted); !checked) return refuse(checked.error());
  std::size_t filters = 0;
  for (const Subscription& existing : *topic.subscriptions) {
    if (existing.attributes.contains("FilterPolicy")) ++filters;
    if (existing.protocol != protocol || existing.endpoint != endpoint) continue;
    if (wanted.attributes.empty() || wanted.attributes == existing.attributes) return existing;
    return refuse(invalid_parameter("Attributes Reason: Subscription already exists with different attributes"));
  }
  if (wanted.attributes.contains("FilterPolicy") && filters >= kMostFilterPolicies)
    return refuse(filter_policy_limit());
  if (auto saved = topics_.save(wanted); !saved) return refuse(saved.error());
  return wanted;
}

}  // namespace ads::cloud::sns
