#include "cloud/sqs/resources.h"

#include "cloud/sqs/move_task.h"

namespace ads::cloud::sqs {
namespace {

using access::Need;

// A batch needs what its single operation needs.
std::string_view action_of(std::string_view operation) {
  if (operation.ends_with("Batch")) operation.remove_suffix(5);
  return operation;
}

Need need_on(Service& sqs, std::string_view action, const std::string& arn) {
  Need need{fmt::format("sqs:{}", action), arn};
  if (const auto queue = sqs.queues().find_arn(arn)) {
    const auto& attributes = queue->definition().attributes;
    if (const auto found = attributes.find("Policy"); found != attributes.end()) {
      need.resource_policy = sqs.policies().find(arn, found->second);
    }
  }
  return need;
}

Needs needs_on(const Context& context, const Request& request, const std::string& arn) {
  const auto action = action_of(request.operation);
  if (arn.empty()) return {{fmt::format("sqs:{}", action), ""}};
  return {need_on(context.sqs, action, arn)};
}

std::string named(const Request& request, std::string_view name) {
  return fmt::format("arn:aws:sqs:{}:{}:{}", request.call.region, request.call.account, name);
}

}  // namespace

Needs queue(const Context& context, const Request& request, std::string_view member) {
  const auto url = parse_queue_url(request.text(member));
  return needs_on(context, request, url ? named(request, url->name) : "");
}

Needs queue_named(const Context& context, const Request& request, std::string_view member) {
  const auto name = request.text(member);
  return needs_on(context, request, name.empty() ? "" : named(request, name));
}

Needs queue_with_arn(const Context& context, const Request& request, std::string_view member) {
  return needs_on(context, request, request.text(member));
}

Needs queue_of_task(const Context& context, const Request& request, std::string_view member) {
  const auto task = find_move_task(context.sqs.environment().store, request.text(member));
  return needs_on(context, request, task ? task->source_arn : "");
}

Needs queues_of_new_task(const Context& context, const Request& request, std::string_view member) {
  auto needs = queue_with_arn(context, request, member);
  const auto arn = needs.front().resource;
  for (const auto action : {"ReceiveMessage", "DeleteMessage", "GetQueueAttributes"})
    needs.push_back(need_on(context.sqs, action, arn));
  if (const auto to = request.text("DestinationArn"); !to.empty())
    needs.push_back(need_on(context.sqs, "SendMessage", to));
  return needs;
}

Needs every_queue(const Context& context, const Request& request, std::string_view) {
  return needs_on(context, request, named(request, ""));
}

Outcome<void> authorize(Service& sqs, const Queue& queue, std::string_view action, const Source& source) {
  return access::authorize(sqs.environment(), source, need_on(sqs, action, queue.definition().arn()));
}

}  // namespace ads::cloud::sqs
