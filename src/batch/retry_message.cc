#include "batch/retry_message.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"

namespace ads::batch {
namespace {

constexpr std::size_t kLongestKey = 1024;                         // bytes of an S3 key
constexpr std::int64_t kLargestObject = std::int64_t{5} << 40;    // S3's limit, of which content may be more
constexpr std::int64_t kLargestContent = kLargestObject * 1'000;  // decompressed
constexpr std::int64_t kLongestRecord = std::int64_t{1} << 20;    // a line is shorter by far

bool is_run_id(std::string_view text) {
  return text.size() == 32 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

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
  text("serviceUUID", message.service_uuid);
  if (wrong.empty() && !is_service_uuid(message.service_uuid)) wrong = "serviceUUID";
  message.status_code = static_cast<int>(number("statusCode", 100, 599));
  message.retry_count = static_cast<int>(number("retryCount", 0, kMaxRetryCount));
  text("recordId", message.record_id);
  text("runId", message.run_id);
  if (wrong.empty() && !is_run_id(message.run_id)) wrong = "runId";
  text("batch", message.batch);
  if (wrong.empty() && message.batch.size() > kLongestKey) wrong = "batch";
  message.offset = static_cast<std::uint64_t>(number("offset", 0, kLargestContent));
  message.length = static_cast<std::uint64_t>(number("length", 0, kLongestRecord));
  if (!wrong.empty())
    return fail(ErrorKind::invalid, "NotARetryMessage",
                fmt::format("'{}' is missing or not what a retry message has there", wrong));
  // The id follows from run and offset: a message that names another run's record does not touch that run's tally.
  if (message.record_id != record_id(message.run_id, message.offset))
    return fail(ErrorKind::invalid, "NotARetryMessage",
                "'recordId' is not the id of the record at that offset of 'runId'");
  return message;
}

}  // namespace ads::batch
