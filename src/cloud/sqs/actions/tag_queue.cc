// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_TagQueue.html, _UntagQueue, _ListQueueTags
#include "cloud/sqs/actions.h"
#include "cloud/sqs/errors.h"
#include "cloud/sqs/input.h"
#include "cloud/sqs/tags.h"

namespace ads::cloud::sqs {

Outcome<void> check_tags(const std::map<std::string, std::string>& tags) {
  if (tags.size() > 50) return refuse(invalid_parameter("Too many tags: a queue has 50 at the most."));
  for (const auto& [key, value] : tags) {
    if (key.empty() || key.size() > 128) {
      return refuse(invalid_parameter(fmt::format("Tag key '{}' is invalid: 1 to 128 characters.", key)));
    }
    if (value.size() > 256) {
      return refuse(invalid_parameter(fmt::format("The value of tag '{}' is invalid: 0 to 256 characters.", key)));
    }
    if (key.starts_with("aws:"))
      return refuse(invalid_parameter("Tag keys that start with aws: are reserved for AWS."));
  }
  return {};
}

namespace {

Answer save(Sqs& sqs, QueuePointer queue, Definition definition) {
  if (auto checked = check_tags(definition.tags); !checked) co_return refuse(checked.error());
  if (auto saved = sqs.queues().save(*queue, std::move(definition)); !saved) co_return refuse(saved.error());
  if (auto done = co_await sqs.environment().store.durable(); !done) co_return refuse(internal_failure(done.error()));
  co_return json::object();
}

}  // namespace

Answer tag_queue(Sqs& sqs, Call& call, json::object input) {
  auto queue = sqs.queue_of(call, input);
  if (!queue) co_return refuse(queue.error());
  const auto tags = map_of(input, "Tags");
  if (tags.empty()) co_return refuse(missing_parameter("Tags"));
  Definition definition = (*queue)->definition();
  for (const auto& [key, value] : tags) definition.tags[key] = value;
  co_return co_await save(sqs, *queue, std::move(definition));
}

Answer untag_queue(Sqs& sqs, Call& call, json::object input) {
  auto queue = sqs.queue_of(call, input);
  if (!queue) co_return refuse(queue.error());
  const auto keys = texts_of(input, "TagKeys");
  if (keys.empty()) co_return refuse(missing_parameter("TagKeys"));
  Definition definition = (*queue)->definition();
  for (const auto& key : keys) definition.tags.erase(key);
  co_return co_await save(sqs, *queue, std::move(definition));
}

Answer list_queue_tags(Sqs& sqs, Call& call, json::object input) {
  auto queue = sqs.queue_of(call, input);
  if (!queue) co_return refuse(queue.error());
  json::object tags;
  for (const auto& [key, value] : (*queue)->definition().tags) tags[key] = value;
  json::object answer;
  if (!tags.empty()) answer["Tags"] = std::move(tags);
  co_return answer;
}

}  // namespace ads::cloud::sqs
