// What an operation of SQS is given.
#pragma once
#include "cloud/operations/input.h"
#include "cloud/operations/operation.h"
#include "cloud/sqs/service.h"

namespace ads::cloud::sqs {

struct Context {
  Service& sqs;
  const Call& call;

  // The queue that QueueUrl names. Errors: QueueDoesNotExist, InvalidAddress.
  Outcome<QueuePointer> queue(const json::object& input) { return sqs.queue_of(call, input); }
};

using operations::Answer;
using operations::Reply;

// Applies what changed, and answers `reply`.
Reply apply(Context& context, Changes& changes, json::object reply = {});

}  // namespace ads::cloud::sqs
