#include "cloud/lambda/queue_event.h"

#include <set>

#include "base/encoding.h"

namespace ads::cloud::lambda {

json::object queue_record(const ReceivedMessage& message, std::string_view queue_arn, std::string_view region) {
  json::object attributes, message_attributes;
  for (auto& [name, value] : message.system_attributes) attributes[name] = value;
  for (auto& [name, attribute] : message.attributes) {
    json::object entry;
    if (attribute.data_type.starts_with("Binary"))
      entry["binaryValue"] = to_base64(attribute.value);
    else
      entry["stringValue"] = attribute.value;
    entry["stringListValues"] = json::array{};
    entry["binaryListValues"] = json::array{};
    entry["dataType"] = attribute.data_type;
    message_attributes[name] = std::move(entry);
  }
  json::object record{{"messageId", message.message_id},
                      {"receiptHandle", message.receipt_handle},
                      {"body", message.body},
                      {"attributes", std::move(attributes)},
                      {"messageAttributes", std::move(message_attributes)},
                      {"md5OfBody", message.md5_of_body},
                      {"eventSource", "aws:sqs"},
                      {"eventSourceARN", queue_arn},
                      {"awsRegion", region}};
  if (!message.md5_of_attributes.empty()) record["md5OfMessageAttributes"] = message.md5_of_attributes;
  return record;
}

Verdict judge_success(const std::vector<ReceivedMessage>& batch) {
  Verdict verdict;
  for (auto& message : batch) verdict.to_remove.push_back(message.receipt_handle);
  return verdict;
}

Verdict judge_item_failures(const std::vector<ReceivedMessage>& batch, std::string_view response) {
  const Verdict kNothingDone{.has_failures = true};
  if (response.empty()) return judge_success(batch);
  auto parsed = parse_json(response);
  if (!parsed) return kNothingDone;
  if (parsed->is_null() || (parsed->is_string() && parsed->as_string().empty())) return judge_success(batch);
  if (!parsed->is_object()) return kNothingDone;
  auto* failures = parsed->as_object().if_contains("batchItemFailures");
  if (!failures) return parsed->as_object().empty() ? judge_success(batch) : kNothingDone;
  if (failures->is_null()) return judge_success(batch);
  if (!failures->is_array()) return kNothingDone;
  std::set<std::string, std::less<>> known, failed;
  for (auto& message : batch) known.insert(message.message_id);
  for (auto& failure : failures->as_array()) {
    auto identifier = failure.is_object() ? get_string(failure.as_object(), "itemIdentifier") : std::nullopt;
    if (!identifier || !known.contains(*identifier)) return kNothingDone;
    failed.emplace(*identifier);
  }
  Verdict verdict{.has_failures = !failed.empty()};
  for (auto& message : batch)
    if (!failed.contains(message.message_id)) verdict.to_remove.push_back(message.receipt_handle);
  return verdict;
}

}  // namespace ads::cloud::lambda
