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

Reply save(Context& context, QueuePointer queue, Definition definition) {
  if (auto checked = check_tags(definition.tags); !checked) return refuse(checked.error());
  if (auto saved = context.sqs.queues().save(*queue, std::move(definition)); !saved) return refuse(saved.error());
  return json::object();
}

}  // namespace

Reply tag_queue(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) return refuse(queue.error());
  const auto tags = text_map<Attributes>(input, "Tags");
  if (tags.empty()) return refuse(missing_parameter("Tags"));
  Definition definition = (*queue)->definition();
  for (const auto& [key, value] : tags) definition.tags[key] = value;
  return save(context, *queue, std::move(definition));
}

Reply untag_queue(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) return refuse(queue.error());
  const auto keys = texts(input, "TagKeys");
  if (keys.empty()) return refuse(missing_parameter("TagKeys"));
  Definition definition = (*queue)->definition();
  for (const auto& key : keys) definition.tags.erase(key);
  return save(context, *queue, std::move(definition));
}

Reply list_queue_tags(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) return refuse(queue.error());
  json::object tags;
  for (const auto& [key, value] : (*queue)->definition().tags) tags[key] = value;
  json::object answer;
  if (!tags.empty()) answer["Tags"] = std::move(tags);
  return answer;
}

}  // namespace ads::cloud::sqs
