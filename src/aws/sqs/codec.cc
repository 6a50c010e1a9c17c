#include "aws/sqs/codec.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/encoding.h"

namespace ads::aws::sqs {
namespace {

std::unexpected<Error> corrupt(const char* code, std::string message) {
  return fail(ErrorKind::corrupt, code, "SQS: " + std::move(message));
}

std::string member(const json::object& object, std::string_view name) {
  return std::string(get_string(object, name).value_or(""));
}

Text optional_member(const json::object& object, std::string_view name) {
  auto value = get_string(object, name);
  return value ? Text(std::string(*value)) : std::nullopt;
}

// {"Name": {"DataType": "String", "StringValue": ".."} or {"DataType": "Binary", "BinaryValue": base64}}
json::object attributes_json(const MessageAttributes& attributes) {
  json::object out;
  for (auto& [name, attribute] : attributes) {
    json::object value{{"DataType", attribute.data_type}};
    if (attribute.data_type.starts_with("Binary")) {
      value["BinaryValue"] = to_base64(attribute.value);
    } else {
      value["StringValue"] = attribute.value;
    }
    out[name] = std::move(value);
  }
  return out;
}

// What SendMessageInput and SendEntry have in common.
template <class Send>
void write_send(json::object& out, const Send& send) {
  out["MessageBody"] = send.body;
  if (!send.attributes.empty()) out["MessageAttributes"] = attributes_json(send.attributes);
  if (send.delay) out["DelaySeconds"] = send.delay->count();
  if (send.group_id) out["MessageGroupId"] = *send.group_id;
  if (send.deduplication_id) out["MessageDeduplicationId"] = *send.deduplication_id;
}

json::array strings(const std::vector<std::string>& values) {
  json::array out;
  for (auto& value : values) out.emplace_back(value);
  return out;
}

bool is_md5_of(const std::string& body, const std::string& given) {
  return to_hex(md5(body)) == given;
}

// "Failed": [{"Id", "Code", "Message", "SenderFault"}]
std::vector<FailedEntry> failed_entries(const json::object& body) {
  std::vector<FailedEntry> out;
  if (auto* failed = get_array(body, "Failed"))
    for (auto& element : *failed)
      if (auto* entry = element.if_object())
        out.push_back({member(*entry, "Id"), member(*entry, "Code"), member(*entry, "Message"),
                       get_bool(*entry, "SenderFault").value_or(false) ? Fault::sender : Fault::service});
  return out;
}

}  // namespace

json::object encode(const SendMessageInput& input) {
  json::object out{{"QueueUrl", input.queue_url}};
  write_send(out, input);
  return out;
}

json::object encode_send_batch(const std::string& queue_url, const std::vector<SendEntry>& entries) {
  json::array list;
  for (auto& entry : entries) {
    json::object object{{"Id", entry.id}};
    write_send(object, entry);
    list.push_back(std::move(object));
  }
  return {{"QueueUrl", queue_url}, {"Entries", std::move(list)}};
}

json::object encode(const ReceiveMessageInput& input) {
  json::object out{{"QueueUrl", input.queue_url},
                   {"MaxNumberOfMessages", input.max_messages},
                   {"WaitTimeSeconds", input.wait.count()}};
  if (input.visibility) out["VisibilityTimeout"] = input.visibility->count();
  // The older name of the two: servers that know MessageSystemAttributeNames know this one as well.
  if (!input.attribute_names.empty()) out["AttributeNames"] = strings(input.attribute_names);
  if (!input.message_attribute_names.empty()) out["MessageAttributeNames"] = strings(input.message_attribute_names);
  return out;
}

json::object encode_delete_batch(const std::string& queue_url, const std::vector<DeleteEntry>& entries) {
  json::array list;
  for (auto& entry : entries) list.push_back({{"Id", entry.id}, {"ReceiptHandle", entry.receipt_handle}});
  return {{"QueueUrl", queue_url}, {"Entries", std::move(list)}};
}

json::object encode_visibility_batch(const std::string& queue_url, const std::vector<VisibilityEntry>& entries) {
  json::array list;
  for (auto& entry : entries)
    list.push_back(
        {{"Id", entry.id}, {"ReceiptHandle", entry.receipt_handle}, {"VisibilityTimeout", entry.visibility.count()}});
  return {{"QueueUrl", queue_url}, {"Entries", std::move(list)}};
}

json::object encode(const StartMessageMoveTaskInput& input) {
  json::object out{{"SourceArn", input.source_arn}};
  if (input.destination_arn) out["DestinationArn"] = *input.destination_arn;
  if (input.max_per_second) out["MaxNumberOfMessagesPerSecond"] = *input.max_per_second;
  return out;
}

Result<SendMessageOutput> decode_send(const json::object& body, const SendMessageInput& sent) {
  SendMessageOutput out{member(body, "MessageId"), member(body, "MD5OfMessageBody"),
                        optional_member(body, "SequenceNumber")};
  if (out.message_id.empty()) return corrupt("MalformedAnswer", "SendMessage: no MessageId");
  if (!is_md5_of(sent.body, out.md5_of_body))
    return corrupt("WrongMd5",
                   fmt::format("message {} was stored with another body than the one sent", out.message_id));
  return out;
}

// {"Successful": [{"Id", "MessageId", "MD5OfMessageBody", "SequenceNumber"}], "Failed": [..]}
Result<SendMessageBatchOutput> decode_send_batch(const json::object& body, const std::vector<SendEntry>& sent) {
  SendMessageBatchOutput out;
  out.failed = failed_entries(body);
  auto* successful = get_array(body, "Successful");
  if (!successful) return out;
  for (auto& element : *successful) {
    auto* entry = element.if_object();
    if (!entry) return corrupt("MalformedAnswer", "SendMessageBatch: an entry is not an object");
    SentEntry one{member(*entry, "Id"), member(*entry, "MessageId"), member(*entry, "MD5OfMessageBody"),
                  optional_member(*entry, "SequenceNumber")};
    for (auto& original : sent)
      if (original.id == one.id && !is_md5_of(original.body, one.md5_of_body))
        return corrupt("WrongMd5",
                       fmt::format("message {} was stored with another body than the one sent", one.message_id));
    out.successful.push_back(std::move(one));
  }
  return out;
}

// {"Messages": [{"MessageId", "ReceiptHandle", "MD5OfBody", "Body", "Attributes": {..}, "MessageAttributes": {..}}]}
Result<std::vector<Message>> decode_receive(const json::object& body) {
  std::vector<Message> out;
  auto* messages = get_array(body, "Messages");
  if (!messages) return out;
  for (auto& element : *messages) {
    auto* object = element.if_object();
    if (!object) return corrupt("MalformedAnswer", "ReceiveMessage: a message is not an object");
    Message message{member(*object, "MessageId"),
                    member(*object, "ReceiptHandle"),
                    member(*object, "Body"),
                    member(*object, "MD5OfBody"),
                    {},
                    {}};
    message.attributes = decode_attributes(*object);
    if (auto* attributes = get_object(*object, "MessageAttributes")) {
      for (auto& attribute : *attributes) {
        auto* value = attribute.value().if_object();
        if (!value) return corrupt("MalformedAnswer", "ReceiveMessage: a message attribute is not an object");
        MessageAttribute read{member(*value, "DataType"), member(*value, "StringValue")};
        if (auto binary = get_string(*value, "BinaryValue")) {
          auto bytes = from_base64(*binary);
          if (!bytes) return corrupt("MalformedAnswer", "ReceiveMessage: BinaryValue is not base64");
          read.value = std::move(*bytes);
        }
        message.message_attributes[attribute.key()] = std::move(read);
      }
    }
    if (!is_md5_of(message.body, message.md5_of_body))
      return corrupt("WrongMd5", fmt::format("message {} arrived with another body than its MD5", message.message_id));
    out.push_back(std::move(message));
  }
  return out;
}

Result<BatchOutput> decode_batch(const json::object& body) {
  BatchOutput out;
  out.failed = failed_entries(body);
  if (auto* successful = get_array(body, "Successful"))
    for (auto& element : *successful)
      if (auto* entry = element.if_object()) out.successful.push_back(member(*entry, "Id"));
  return out;
}

Attributes decode_attributes(const json::object& body) {
  Attributes out;
  if (auto* attributes = get_object(body, "Attributes"))
    for (auto& attribute : *attributes)
      if (auto* text = attribute.value().if_string()) out[attribute.key()] = std::string(*text);
  return out;
}

}  // namespace ads::aws::sqs
