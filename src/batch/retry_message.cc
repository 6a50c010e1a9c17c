#include "batch/retry_message.h"

#include <fmt/format.h>

#include "base/json.h"

namespace ads::batch {

RetryMessage retry_message(const Record& record, std::string_view run_id, std::string_view record_id,
                           std::string_view batch) {
  return {record.service_uuid, record.status_code, record.retry_count, std::string(record_id),
          std::string(run_id), std::string(batch), record.offset,      record.length};
}

std::string RetryMessage::body() const {
  return json::serialize(json::object{{"serviceUUID", service_uuid},
                                      {"statusCode", status_code},
                                      {"retryCount", retry_count},
                                      {"recordId", record_id},
                                      {"runId", run_id},
                                      {"batch", batch},
                                      {"offset", offset},
                                      {"length", length}});
}

std::vector<MessageAttribute> RetryMessage::attributes() const {
  return {{"RecordId", "String", record_id},
          {"RunId", "String", run_id},
          {"StatusCode", "Number", std::to_string(status_code)}};
}

std::size_t RetryMessage::size() const {
  return message_size(body(), attributes());
}

Result<RetryMessage> parse_retry_message(std::string_view body) {
  auto object = parse_json_object(body);
  if (!object)
    return fail(ErrorKind::invalid, "NotARetryMessage", "the body is not a JSON object: " + object.error().message);
  RetryMessage message;
  std::string_view wrong;
  auto text = [&](std::string_view name, std::string& value) {
    auto found = get_string(*object, name);
    if (found && !found->empty())
      value = *found;
    else if (wrong.empty())
      wrong = name;
  };
  auto number = [&](std::string_view name, std::int64_t low, std::int64_t high) -> std::int64_t {
    auto found = get_integer(*object, name);
    if (found && *found >= low && *found <= high) return *found;
    if (wrong.empty()) wrong = name;
    return 0;
  };
  constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max();
  text("serviceUUID", message.service_uuid);
  if (wrong.empty() && !is_service_uuid(message.service_uuid)) wrong = "serviceUUID";
  message.status_code = static_cast<int>(number("statusCode", 100, 599));
  message.retry_count = static_cast<int>(number("retryCount", 0, kMaxRetryCount));
  text("recordId", message.record_id);
  text("runId", message.run_id);
  text("batch", message.batch);
  message.offset = static_cast<std::uint64_t>(number("offset", 0, any));
  message.length = static_cast<std::uint64_t>(number("length", 0, any));
  if (!wrong.empty())
    return fail(ErrorKind::invalid, "NotARetryMessage",
                fmt::format("'{}' is missing or not what a retry message has there", wrong));
  return message;
}

}  // namespace ads::batch
