// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
#include "base/encoding.h"
#include "cloud/sqs/actions.h"
#include "cloud/sqs/errors.h"
#include "cloud/sqs/input.h"
#include "cloud/sqs/system_attributes.h"

namespace ads::cloud::sqs {
namespace {

constexpr std::string_view kSystemNames[] = {"All",
                                             "SenderId",
                                             "SentTimestamp",
                                             "ApproximateReceiveCount",
                                             "ApproximateFirstReceiveTimestamp",
                                             "SequenceNumber",
                                             "MessageGroupId",
                                             "MessageDeduplicationId",
                                             "AWSTraceHeader",
                                             "DeadLetterQueueSourceArn",
                                             "SqsManagedSseEnabled"};

// A name, a prefix ("bar.*"), or everything ("All", ".*").
bool is_wanted(const std::vector<std::string>& wanted, const std::string& name) {
  return std::any_of(wanted.begin(), wanted.end(), [&](std::string_view pattern) {
    if (pattern == "All" || pattern == ".*") return true;
    if (pattern.ends_with(".*")) return name.starts_with(pattern.substr(0, pattern.size() - 2));
    return name == pattern;
  });
}

json::object to_json(const Received& received, const std::set<std::string>& system_names,
                     const std::vector<std::string>& attribute_names) {
  const Message& message = received.message;
  json::object answer{{"MessageId", message.id},
                      {"ReceiptHandle", received.handle},
                      {"MD5OfBody", to_hex(message.body_md5)},
                      {"Body", message.body}};
  if (!system_names.empty()) {
    json::object attributes;
    for (const auto& [name, value] : system_attributes(received)) {
      if (system_names.contains("All") || system_names.contains(name)) attributes[name] = value;
    }
    if (!attributes.empty()) answer["Attributes"] = std::move(attributes);
  }
  if (!attribute_names.empty() && !message.attributes.empty()) {
    MessageAttributes attributes;
    for (const auto& [name, attribute] : message.attributes) {
      if (is_wanted(attribute_names, name)) attributes[name] = attribute;
    }
    if (!attributes.empty()) {
      answer["MD5OfMessageAttributes"] = md5_of_attributes(attributes);
      answer["MessageAttributes"] = sqs::to_json(attributes);
    }
  }
  return answer;
}

}  // namespace

Answer receive_message(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) co_return refuse(queue.error());
  auto most = whole_in(input, "MaxNumberOfMessages", 1, 10);
  if (!most) co_return refuse(most.error());
  auto visibility = whole_in(input, "VisibilityTimeout", 0, 43'200);
  if (!visibility) co_return refuse(visibility.error());
  auto wait = whole_in(input, "WaitTimeSeconds", 0, 20);
  if (!wait) co_return refuse(wait.error());
  std::set<std::string> system_names;
  for (const char* list : {"AttributeNames", "MessageSystemAttributeNames"}) {
    for (auto& name : texts(input, list)) {
      if (std::find(std::begin(kSystemNames), std::end(kSystemNames), name) == std::end(kSystemNames)) {
        co_return refuse(invalid_attribute_name(name));
      }
      system_names.insert(std::move(name));
    }
  }
  const auto attribute_names = texts(input, "MessageAttributeNames");
  Service::Receiving receiving;
  receiving.attempt = text(input, "ReceiveRequestAttemptId");
  if (!receiving.attempt.empty()) {
    if (!(*queue)->settings().is_fifo) {
      co_return refuse(invalid_parameter("ReceiveRequestAttemptId", receiving.attempt,
                                         "The request includes a parameter that is not valid for this queue type."));
    }
    if (!is_fifo_id(receiving.attempt)) {
      co_return refuse(invalid_parameter(
          "ReceiveRequestAttemptId", receiving.attempt,
          "ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length."));
    }
  }
  receiving.most = static_cast<std::size_t>(most->value_or(1));
  if (*visibility) receiving.visibility = **visibility * 1000;
  receiving.wait = *wait ? **wait * 1000 : (*queue)->settings().wait;
  auto received = co_await context.sqs.receive(*queue, receiving);
  if (!received) co_return refuse(received.error());
  json::object answer;
  if (!received->empty()) {
    json::array messages;
    for (const Received& one : *received) messages.push_back(to_json(one, system_names, attribute_names));
    answer["Messages"] = std::move(messages);
  }
  co_return answer;
}

}  // namespace ads::cloud::sqs
