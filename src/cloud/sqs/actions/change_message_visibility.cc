// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html and
// _..Batch.html
#include "cloud/sqs/actions.h"
#include "cloud/sqs/batch.h"

namespace ads::cloud::sqs {
namespace {

Outcome<void> change(Context& context, Queue& queue, Changes& changes, const json::object& input) {
  auto timeout = whole_in(input, "VisibilityTimeout", 0, 43'200);
  if (!timeout) return refuse(timeout.error());
  if (!*timeout) return refuse(missing_parameter("VisibilityTimeout"));
  return context.sqs.change_one(queue, changes, text(input, "ReceiptHandle"), **timeout * 1000);
}

// What timed out meanwhile is no longer in flight.
Outcome<void> settle(Context& context, Queue& queue) {
  Changes due;
  while (queue.settle(due, context.sqs.now())) {
    if (auto applied = due.apply(context.sqs.environment().store); !applied)
      return refuse(internal_failure(applied.error()));
  }
  if (auto applied = due.apply(context.sqs.environment().store); !applied)
    return refuse(internal_failure(applied.error()));
  return {};
}

}  // namespace

Reply change_message_visibility(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) return refuse(queue.error());
  if (auto settled = settle(context, **queue); !settled) return refuse(settled.error());
  Changes changes;
  if (auto changed = change(context, **queue, changes, input); !changed) return refuse(changed.error());
  return apply(context, changes);
}

Reply change_message_visibility_batch(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) return refuse(queue.error());
  auto entries = batch_entries(input, "ChangeMessageVisibilityBatchRequestEntry");
  if (!entries) return refuse(entries.error());
  if (auto settled = settle(context, **queue); !settled) return refuse(settled.error());
  Changes changes;
  BatchAnswer answer;
  for (const auto* entry : *entries) {
    const std::string id = text(*entry, "Id");
    auto changed = change(context, **queue, changes, *entry);
    if (changed) {
      answer.successful.push_back(json::object{{"Id", id}});
    } else {
      answer.fail(id, changed.error());
    }
  }
  return apply(context, changes, answer.take());
}

}  // namespace ads::cloud::sqs
