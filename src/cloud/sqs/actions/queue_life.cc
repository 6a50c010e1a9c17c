// CreateQueue, DeleteQueue, PurgeQueue, GetQueueUrl.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
// A deleted queue's name may be used again at once; AWS asks for 60 seconds (QueueDeletedRecently).
#include "cloud/sqs/actions.h"
#include "cloud/sqs/errors.h"
#include "cloud/sqs/input.h"
#include "cloud/sqs/tags.h"

namespace ads::cloud::sqs {
Reply create_queue(Context& context, const json::object& input) {
  const auto tags = text_map<Attributes>(input, input.contains("tags") ? "tags" : "Tags");
  std::map<std::string, std::string> own(tags.begin(), tags.end());
  if (auto checked = check_tags(own); !checked) return refuse(checked.error());
  auto queue = context.sqs.queues().create(context.call.region, text(input, "QueueName"),
                                           text_map<Attributes>(input, "Attributes"), own, context.sqs.now());
  if (!queue) return refuse(queue.error());
  const std::string url = context.sqs.queues().url((*queue)->definition());
  return json::object{{"QueueUrl", url}};
}

Reply delete_queue(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) return refuse(queue.error());
  if (auto removed = context.sqs.queues().remove(**queue); !removed) return refuse(removed.error());
  return json::object();
}

Reply purge_queue(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) return refuse(queue.error());
  const Millis now = context.sqs.now();
  Definition definition = (*queue)->definition();
  if (definition.purged != 0 && now - definition.purged < 60'000) return refuse(purge_in_progress(definition.name));
  definition.purged = now;
  Changes changes;
  (*queue)->purge(changes, now);
  if (auto applied = changes.apply(context.sqs.environment().store); !applied)
    return refuse(internal_failure(applied.error()));
  if (auto saved = context.sqs.queues().save(**queue, std::move(definition)); !saved) return refuse(saved.error());
  return json::object();
}

Reply get_queue_url(Context& context, const json::object& input) {
  const auto name = text(input, "QueueName");
  const std::string account = text(input, "QueueOwnerAWSAccountId");
  const auto queue = context.sqs.queues().find(context.call.region, name);
  if (!queue || (!account.empty() && account != queue->definition().account)) return refuse(queue_does_not_exist());
  return json::object{{"QueueUrl", context.sqs.queues().url(queue->definition())}};
}

}  // namespace ads::cloud::sqs
