// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html and
// _SetQueueAttributes.html
#include "cloud/sqs/actions.h"
#include "cloud/sqs/errors.h"
#include "cloud/sqs/input.h"

namespace ads::cloud::sqs {

Answer get_queue_attributes(Sqs& sqs, Call& call, json::object input) {
  auto queue = sqs.queue_of(call, input);
  if (!queue) co_return refuse(queue.error());
  const auto names = texts_of(input, "AttributeNames");
  bool wants_all = false;
  for (const auto& name : names) {
    if (name == "All") {
      wants_all = true;
    } else if (!is_attribute_name(name)) {
      co_return refuse(invalid_attribute_name(name));
    }
  }
  if (names.empty()) co_return json::object();
  json::object attributes;
  for (const auto& [name, value] : sqs.all_attributes(**queue)) {
    if (wants_all || std::find(names.begin(), names.end(), name) != names.end()) attributes[name] = value;
  }
  json::object answer;
  if (!attributes.empty()) answer["Attributes"] = std::move(attributes);
  co_return answer;
}

Answer set_queue_attributes(Sqs& sqs, Call& call, json::object input) {
  auto queue = sqs.queue_of(call, input);
  if (!queue) co_return refuse(queue.error());
  const auto wanted = map_of(input, "Attributes");
  if (wanted.empty()) co_return refuse(missing_parameter("Attribute.Name"));
  if (auto set = sqs.queues().set_attributes(**queue, wanted, sqs.now()); !set) co_return refuse(set.error());
  if (auto done = co_await sqs.environment().store.durable(); !done) co_return refuse(internal_failure(done.error()));
  co_return json::object();
}

}  // namespace ads::cloud::sqs
