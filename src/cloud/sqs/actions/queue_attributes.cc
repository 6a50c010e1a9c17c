// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html and
// _SetQueueAttributes.html
#include "cloud/sqs/actions.h"
#include "cloud/sqs/errors.h"
#include "cloud/sqs/input.h"

namespace ads::cloud::sqs {

Reply get_queue_attributes(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) return refuse(queue.error());
  const auto names = texts(input, "AttributeNames");
  bool wants_all = false;
  for (const auto& name : names) {
    if (name == "All") {
      wants_all = true;
    } else if (!is_attribute_name(name)) {
      return refuse(invalid_attribute_name(name));
    }
  }
  if (names.empty()) return json::object();
  json::object attributes;
  for (const auto& [name, value] : context.sqs.all_attributes(**queue)) {
    if (wants_all || std::find(names.begin(), names.end(), name) != names.end()) attributes[name] = value;
  }
  json::object answer;
  if (!attributes.empty()) answer["Attributes"] = std::move(attributes);
  return answer;
}

Reply set_queue_attributes(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) return refuse(queue.error());
  const auto wanted = text_map<Attributes>(input, "Attributes");
  if (wanted.empty()) return refuse(missing_parameter("Attribute.Name"));
  if (auto set = context.sqs.queues().set_attributes(**queue, wanted, context.sqs.now()); !set)
    return refuse(set.error());
  return json::object();
}

}  // namespace ads::cloud::sqs
