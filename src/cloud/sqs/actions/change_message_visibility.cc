// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html and
// _..Batch.html
#include "cloud/sqs/actions.h"
#include "cloud/sqs/batch.h"

namespace ads::cloud::sqs {
namespace {

Outcome<void> change(Sqs& sqs, Queue& queue, Changes& changes, const json::object& input) {
  auto timeout = whole_in(input, "VisibilityTimeout", 0, 43'200);
  if (!timeout) return refuse(timeout.error());
  if (!*timeout) return refuse(missing_parameter("VisibilityTimeout"));
  return sqs.change_one(queue, changes, text_of(input, "ReceiptHandle"), **timeout * 1000);
}

// What timed out meanwhile is no longer in flight.
Outcome<void> settle(Sqs& sqs, Queue& queue) {
  Changes due;
  while (queue.settle(due, sqs.now())) {
    if (auto applied = due.apply(sqs.environment().store); !applied) return refuse(internal_failure(applied.error()));
  }
  if (auto applied = due.apply(sqs.environment().store); !applied) return refuse(internal_failure(applied.error()));
  return {};
}

}  // namespace

Answer change_message_visibility(Sqs& sqs, Call& call, json::object input) {
  auto queue = sqs.queue_of(call, input);
  if (!queue) co_return refuse(queue.error());
  if (auto settled = settle(sqs, **queue); !settled) co_return refuse(settled.error());
  Changes changes;
  if (auto changed = change(sqs, **queue, changes, input); !changed) co_return refuse(changed.error());
  if (auto applied = changes.apply(sqs.environment().store); !applied)
    co_return refuse(internal_failure(applied.error()));
  co_return json::object();
}

Answer change_message_visibility_batch(Sqs& sqs, Call& call, json::object input) {
  auto queue = sqs.queue_of(call, input);
  if (!queue) co_return refuse(queue.error());
  auto entries = batch_entries(input, "ChangeMessageVisibilityBatchRequestEntry");
  if (!entries) co_return refuse(entries.error());
  if (auto settled = settle(sqs, **queue); !settled) co_return refuse(settled.error());
  Changes changes;
  BatchAnswer answer;
  for (const auto* entry : *entries) {
    const std::string id = text_of(*entry, "Id");
    auto changed = change(sqs, **queue, changes, *entry);
    if (changed) {
      answer.successful.push_back(json::object{{"Id", id}});
    } else {
      answer.fail(id, changed.error());
    }
  }
  if (auto applied = changes.apply(sqs.environment().store); !applied)
    co_return refuse(internal_failure(applied.error()));
  co_return answer.take();
}

}  // namespace ads::cloud::sqs
