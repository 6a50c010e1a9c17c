// Where the outcome of an asynchronous invocation goes: a queue, a topic or another function.
#pragma once
#include <functional>
#include <string>

#include "cloud/environment.h"
#include "cloud/lambda/async_event.h"
#include "cloud/lambda/invocation.h"

namespace ads::cloud::lambda {

// {"version":"1.0","timestamp":..,"requestContext":{"requestId","functionArn","condition","approximateInvokeCount"},
//  "requestPayload":..,"responseContext":{"statusCode","executedVersion","functionError"},"responsePayload":..}
// `condition`: Success, RetriesExhausted or EventAgeExceeded. `result` null: it never ran.
// Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
std::string destination_record(const AsyncEvent& event, std::string_view arn, std::string_view condition,
                               const InvocationResult* result, SystemTime now);

// The service of a destination's ARN: "sqs", "sns", "lambda", or empty for what is none of those.
std::string_view destination_service(std::string_view arn);

// Puts an event on another function's queue.
using Enqueue = std::function<Task<Outcome<void>>(std::string function_arn, std::string payload)>;

// Sends a record. Errors: the receiving service's own.
Task<Outcome<void>> send_record(Environment& environment, Enqueue enqueue, std::string target, Source source,
                                std::string record);
// Sends the event itself, as DeadLetterConfig does: the payload, with attributes RequestID, ErrorCode, ErrorMessage.
Task<Outcome<void>> send_dead_letter(Environment& environment, std::string target, Source source, AsyncEvent event,
                                     std::string error_message);

}  // namespace ads::cloud::lambda
