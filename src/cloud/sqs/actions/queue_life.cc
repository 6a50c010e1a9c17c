// CreateQueue, DeleteQueue, PurgeQueue, GetQueueUrl.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
// A deleted queue's name may be used again at once; AWS asks for 60 seconds (QueueDeletedRecently).
#include "cloud/sqs/actions.h"
#include "cloud/sqs/errors.h"
#include "cloud/sqs/input.h"
#include "cloud/sqs/tags.h"

namespace ads::cloud::sqs {
namespace {

Task<Outcome<void>> durable(Sqs& sqs) {
  if (auto done = co_await sqs.environment().store.durable(); !done) co_return refuse(internal_failure(done.error()));
  co_return Outcome<void>();
}

}  // namespace

Answer create_queue(Sqs& sqs, Call& call, json::object input) {
  const auto tags = map_of(input, input.contains("tags") ? "tags" : "Tags");
  std::map<std::string, std::string> own(tags.begin(), tags.end());
  if (auto checked = check_tags(own); !checked) co_return refuse(checked.error());
  auto queue =
      sqs.queues().create(call.region, text_of(input, "QueueName"), map_of(input, "Attributes"), own, sqs.now());
  if (!queue) co_return refuse(queue.error());
  const std::string url = sqs.queues().url((*queue)->definition());
  if (auto done = co_await durable(sqs); !done) co_return refuse(done.error());
  co_return json::object{{"QueueUrl", url}};
}

Answer delete_queue(Sqs& sqs, Call& call, json::object input) {
  auto queue = sqs.queue_of(call, input);
  if (!queue) co_return refuse(queue.error());
  if (auto removed = sqs.queues().remove(**queue); !removed) co_return refuse(removed.error());
  if (auto done = co_await durable(sqs); !done) co_return refuse(done.error());
  co_return json::object();
}

Answer purge_queue(Sqs& sqs, Call& call, json::object input) {
  auto queue = sqs.queue_of(call, input);
  if (!queue) co_return refuse(queue.error());
  const Millis now = sqs.now();
  Definition definition = (*queue)->definition();
  if (definition.purged != 0 && now - definition.purged < 60'000) co_return refuse(purge_in_progress(definition.name));
  definition.purged = now;
  Changes changes;
  (*queue)->purge(changes, now);
  if (auto applied = changes.apply(sqs.environment().store); !applied)
    co_return refuse(internal_failure(applied.error()));
  if (auto saved = sqs.queues().save(**queue, std::move(definition)); !saved) co_return refuse(saved.error());
  if (auto done = co_await durable(sqs); !done) co_return refuse(done.error());
  co_return json::object();
}

Answer get_queue_url(Sqs& sqs, Call& call, json::object input) {
  auto name = required_text(input, "QueueName");
  if (!name) co_return refuse(name.error());
  const std::string account = text_of(input, "QueueOwnerAWSAccountId");
  const auto queue = sqs.queues().find(call.region, *name);
  if (!queue || (!account.empty() && account != queue->definition().account)) co_return refuse(queue_does_not_exist());
  co_return json::object{{"QueueUrl", sqs.queues().url(queue->definition())}};
}

}  // namespace ads::cloud::sqs
