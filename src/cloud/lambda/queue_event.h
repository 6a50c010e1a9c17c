// SQS messages as a Lambda event, and what the function's answer means for them. Decisions over values only.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"
#include "cloud/ports.h"

namespace ads::cloud::lambda {

inline constexpr std::size_t kEventLimit = 6'291'456;  // bytes of the whole event

// {"messageId","receiptHandle","body","attributes","messageAttributes","md5OfBody","eventSource":"aws:sqs","eventSourceARN","awsRegion"}
json::object queue_record(const ReceivedMessage& message, std::string_view queue_arn, std::string_view region);

// What happens to a batch's messages: those removed are done, the others stay until their visibility timeout ends.
struct Verdict {
  std::vector<std::string> to_remove;  // receipt handles
  bool has_failures = false;
};

// Without item failures reported, a successful answer removes the whole batch.
Verdict judge_success(const std::vector<ReceivedMessage>& batch);
// The rules of ReportBatchItemFailures: an empty or null list, or an empty or null response, is success; a response
// that is no JSON object, an item identifier that is empty, null, missing or unknown, fails the whole batch. Source:
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
Verdict judge_item_failures(const std::vector<ReceivedMessage>& batch, std::string_view response);

}  // namespace ads::cloud::lambda
