#include "simulation/payloads.h"

#include "base/encoding.h"
#include "base/json.h"

namespace ads::simulation {

std::string object_event(const batch::ObjectIdentity& object, SystemTime when) {
  json::object detail{{"key", percent_encode_path(object.key)}, {"size", object.size}, {"eTag", object.etag}};
  if (!object.version_id.empty()) detail["versionId"] = object.version_id;
  json::object record{
      {"eventVersion", "2.1"},
      {"eventSource", "aws:s3"},
      {"awsRegion", "eu-central-1"},
      {"eventTime", iso8601(when)},
      {"eventName", "ObjectCreated:Put"},
      {"s3", json::object{{"bucket", json::object{{"name", object.bucket}}}, {"object", std::move(detail)}}}};
  return json::serialize(json::object{{"Records", json::array{std::move(record)}}});
}

std::string queue_event(const MessageQueue& queue, const std::vector<Message>& messages) {
  json::array records;
  for (const Message& message : messages) {
    json::object attributes{{"ApproximateReceiveCount", std::to_string(message.receives)}};
    if (!message.group.empty()) attributes["MessageGroupId"] = message.group;
    records.push_back(json::object{{"messageId", message.id},
                                   {"receiptHandle", message.receipt},
                                   {"body", message.body},
                                   {"attributes", std::move(attributes)},
                                   {"eventSource", "aws:sqs"},
                                   {"eventSourceARN", "arn:aws:sqs:eu-central-1:000000000000:" + queue.rules().name}});
  }
  return json::serialize(json::object{{"Records", std::move(records)}});
}

std::string schedule_event() {
  return R"({"source":"aws.scheduler","detail-type":"Scheduled Event","detail":{}})";
}

FailedItems failed_items(const std::string& answer) {
  auto object = parse_json_object(answer);
  const json::array* failures = object ? get_array(*object, "batchItemFailures") : nullptr;
  if (!failures) return {true, {}};
  FailedItems out;
  for (const json::value& value : *failures) {
    const json::object* item = value.if_object();
    auto id = item ? get_string(*item, "itemIdentifier") : std::nullopt;
    if (!id) return {true, {}};
    out.ids.emplace_back(*id);
  }
  return out;
}

}  // namespace ads::simulation
