#include "batch/event.h"

#include <charconv>
#include <set>

#include "base/encoding.h"

namespace ads::batch {
namespace {

std::string text(const json::object& object, std::string_view name) {
  return std::string(get_string(object, name).value_or(""));
}

std::unexpected<Error> not_s3(std::string message) {
  return fail(ErrorKind::invalid, "NotAnS3Event", "the event is not an S3 notification: " + std::move(message));
}
std::unexpected<Error> not_sqs(std::string message) {
  return fail(ErrorKind::invalid, "NotAnSqsEvent", "the event is not a batch of SQS messages: " + std::move(message));
}

// {"eventName":"ObjectCreated:Put","eventTime":..,"awsRegion":..,
//  "s3":{"bucket":{"name":..},"object":{"key":..,"size":..,"eTag":..,"versionId":..,"sequencer":..}}}
Result<ObjectEvent> parse_object_event(const json::object& record) {
  const json::object* s3 = get_object(record, "s3");
  const json::object* bucket = s3 ? get_object(*s3, "bucket") : nullptr;
  const json::object* object = s3 ? get_object(*s3, "object") : nullptr;
  if (!bucket || !object) return not_s3("a record has no s3.bucket and s3.object");
  ObjectEvent event;
  event.object.bucket = text(*bucket, "name");
  event.object.key = decode_event_key(text(*object, "key"));
  if (event.object.bucket.empty() || event.object.key.empty())
    return not_s3("a record has no s3.bucket.name and s3.object.key");
  event.object.version_id = text(*object, "versionId");
  event.object.etag = text(*object, "eTag");
  event.object.size = static_cast<std::uint64_t>(std::max<std::int64_t>(0, get_integer(*object, "size").value_or(0)));
  event.sequencer = text(*object, "sequencer");
  event.event_name = text(record, "eventName");
  event.event_time = text(record, "eventTime");
  event.region = text(record, "awsRegion");
  return event;
}

}  // namespace

std::string decode_event_key(std::string_view key) {
  return form_decode(key);
}

Result<std::vector<ObjectEvent>> parse_object_events(const json::object& event) {
  std::vector<ObjectEvent> events;
  // {"Service":"Amazon S3","Event":"s3:TestEvent",...}: sent once when a notification is configured.
  if (get_string(event, "Event") == "s3:TestEvent") return events;
  const json::array* records = get_array(event, "Records");
  if (!records) return not_s3("it has no Records");
  for (const json::value& value : *records) {
    const json::object* record = value.if_object();
    if (!record) return not_s3("a record is not an object");
    if (!get_string(*record, "eventName").value_or("").starts_with("ObjectCreated:")) continue;
    auto parsed = parse_object_event(*record);
    if (!parsed) return fail(parsed.error());
    events.push_back(std::move(*parsed));
  }
  return events;
}

// {"messageId","receiptHandle","body","eventSourceARN","attributes":{"MessageGroupId","ApproximateReceiveCount"},
//  "messageAttributes":{"RunId":{"stringValue":..,"dataType":"String"}}}
Result<std::vector<QueueMessage>> parse_queue_event(const json::object& event) {
  const json::array* records = get_array(event, "Records");
  if (!records) return not_sqs("it has no Records");
  std::vector<QueueMessage> messages;
  for (const json::value& value : *records) {
    const json::object* record = value.if_object();
    if (!record) return not_sqs("a record is not an object");
    auto body = get_string(*record, "body");
    QueueMessage message;
    message.message_id = text(*record, "messageId");
    if (message.message_id.empty() || !body) return not_sqs("a record has no messageId and body");
    message.body = *body;
    message.receipt_handle = text(*record, "receiptHandle");
    message.source_arn = text(*record, "eventSourceARN");
    if (const json::object* attributes = get_object(*record, "attributes")) {
      message.group_id = text(*attributes, "MessageGroupId");
      auto count = get_string(*attributes, "ApproximateReceiveCount").value_or("1");
      std::from_chars(count.data(), count.data() + count.size(), message.receive_count);
    }
    if (const json::object* attributes = get_object(*record, "messageAttributes")) {
      for (const auto& [name, attribute] : *attributes) {
        const json::object* members = attribute.if_object();
        if (!members) continue;
        if (auto string = get_string(*members, "stringValue")) message.attributes[std::string(name)] = *string;
      }
    }
    messages.push_back(std::move(message));
  }
  return messages;
}

std::string partial_batch_response(const std::vector<std::string>& failed_message_ids) {
  json::array failures;
  for (const std::string& id : failed_message_ids) failures.push_back(json::object{{"itemIdentifier", id}});
  return json::serialize(json::object{{"batchItemFailures", std::move(failures)}});
}

std::vector<std::string> failures_in_order(const std::vector<QueueMessage>& messages,
                                           const std::vector<std::size_t>& failed) {
  std::set<std::size_t> positions(failed.begin(), failed.end());
  std::set<std::string_view> stopped_groups;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const QueueMessage& message = messages[i];
    if (!positions.contains(i) && !stopped_groups.contains(message.group_id)) continue;
    ids.push_back(message.message_id);
    if (!message.group_id.empty()) stopped_groups.insert(message.group_id);
  }
  return ids;
}

}  // namespace ads::batch
