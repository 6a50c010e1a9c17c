// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html and
// _DeleteMessageBatch.html
#include "cloud/sqs/actions.h"
#include "cloud/sqs/batch.h"

namespace ads::cloud::sqs {

Answer delete_message(Sqs& sqs, Call& call, json::object input) {
  auto queue = sqs.queue_of(call, input);
  if (!queue) co_return refuse(queue.error());
  Changes changes;
  if (auto removed = sqs.remove_one(**queue, changes, text_of(input, "ReceiptHandle")); !removed) {
    co_return refuse(removed.error());
  }
  if (auto done = co_await sqs.commit(std::move(changes)); !done) co_return refuse(done.error());
  co_return json::object();
}

Answer delete_message_batch(Sqs& sqs, Call& call, json::object input) {
  auto queue = sqs.queue_of(call, input);
  if (!queue) co_return refuse(queue.error());
  auto entries = batch_entries(input, "DeleteMessageBatchRequestEntry");
  if (!entries) co_return refuse(entries.error());
  Changes changes;
  BatchAnswer answer;
  for (const auto* entry : *entries) {
    const std::string id = text_of(*entry, "Id");
    auto removed = sqs.remove_one(**queue, changes, text_of(*entry, "ReceiptHandle"));
    if (removed) {
      answer.successful.push_back(json::object{{"Id", id}});
    } else {
      answer.fail(id, removed.error());
    }
  }
  if (auto done = co_await sqs.commit(std::move(changes)); !done) co_return refuse(done.error());
  co_return answer.take();
}

}  // namespace ads::cloud::sqs
