// A record on the retry queue: what is sent, and how the retry consumer reads it back.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "batch/notification.h"
#include "batch/record.h"

namespace ads::batch {

// {"serviceUUID","statusCode","retryCount","recordId","runId","batch","offset","length"}
struct RetryMessage {
  std::string service_uuid;  // SQS's message group id
  int status_code = 0;
  int retry_count = 0;    // as the file says; the consumer's try is retry_count + 1
  std::string record_id;  // deduplication id and batch entry id
  std::string run_id;
  std::string batch;  // the file's key
  std::uint64_t offset = 0, length = 0;

  bool operator==(const RetryMessage&) const = default;

  std::string body() const;
  std::vector<MessageAttribute> attributes() const;  // RecordId, RunId, StatusCode
  std::size_t size() const;                          // bytes that count against SQS's limit
};

RetryMessage retry_message(const Record& record, std::string_view run_id, std::string_view record_id,
                           std::string_view batch);

// Every member is bounded, and the record's id must be the one that follows from run and offset. Errors: invalid /
// "NotARetryMessage", naming the member but not its value: such a message can never succeed.
Result<RetryMessage> parse_retry_message(std::string_view body);

}  // namespace ads::batch
