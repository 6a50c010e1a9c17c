// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html and
// _DeleteMessageBatch.html
#include "cloud/sqs/actions.h"
#include "cloud/sqs/batch.h"

namespace ads::cloud::sqs {

Reply delete_message(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) return refuse(queue.error());
  Changes changes;
  if (auto removed = context.sqs.remove_one(**queue, changes, text(input, "ReceiptHandle")); !removed) {
    return refuse(removed.error());
  }
  return apply(context, changes);
}

Reply delete_message_batch(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) return refuse(queue.error());
  auto entries = batch_entries(input, "DeleteMessageBatchRequestEntry");
  if (!entries) return refuse(entries.error());
  Changes changes;
  BatchAnswer answer;
  for (const auto* entry : *entries) {
    const std::string id = text(*entry, "Id");
    auto removed = context.sqs.remove_one(**queue, changes, text(*entry, "ReceiptHandle"));
    if (removed) {
      answer.successful.push_back(json::object{{"Id", id}});
    } else {
      answer.fail(id, removed.error());
    }
  }
  return apply(context, changes, answer.take());
}

}  // namespace ads::cloud::sqs
