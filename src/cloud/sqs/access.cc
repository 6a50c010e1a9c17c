#include "cloud/sqs/access.h"

#include "cloud/sqs/errors.h"
#include "cloud/sqs/input.h"
#include "cloud/sqs/move_task.h"
#include "cloud/sqs/service.h"

namespace ads::cloud::sqs {
namespace {

using access::Need;

// A batch needs what its single operation needs.
std::string_view action_of(std::string_view operation) {
  if (operation.ends_with("Batch")) operation.remove_suffix(5);
  return operation;
}

Need need_on(Sqs& sqs, std::string_view action, const std::string& arn) {
  Need need{fmt::format("sqs:{}", action), arn};
  if (const auto queue = sqs.queues().find_arn(arn)) {
    const auto& attributes = queue->definition().attributes;
    if (const auto found = attributes.find("Policy"); found != attributes.end()) {
      need.resource_policy = sqs.policies().find(arn, found->second);
    }
  }
  return need;
}

std::string queue_arn(Sqs& sqs, const Call& call, Resource resource, const json::object& input) {
  const auto named = [&](std::string_view name) {
    return fmt::format("arn:aws:sqs:{}:{}:{}", call.region, call.account, name);
  };
  const auto given = text_of(input, resource.member());
  switch (resource.kind()) {
    case On::every_queue:
      return named("");
    case On::queue_name:
      if (!given.empty()) return named(given);
      break;
    case On::queue_arn:
      if (!given.empty()) return given;
      break;
    case On::move_task:
      if (const auto task = find_move_task(sqs.environment().store, given)) return task->source_arn;
      break;
    case On::queue:
      if (const auto url = parse_queue_url(given)) return named(url->name);
      break;
  }
  return std::string(kEveryResource);
}

}  // namespace

Outcome<std::string> check_policy(const std::string& document) {
  if (document.empty()) return document;
  if (auto policy = access::parse_policy(document, access::PolicyKind::resource); !policy) {
    return refuse(invalid_attribute_value("Invalid value for the parameter Policy. Reason: " + policy.error().message));
  }
  return document;
}

Outcome<void> authorize(Sqs& sqs, const Call& call, std::string_view operation, Resource resource,
                        const json::object& input) {
  if (!access::is_enforced(call)) return {};
  const auto arn = queue_arn(sqs, call, resource, input);
  std::vector<Need> needs{need_on(sqs, action_of(operation), arn)};
  if (operation == "StartMessageMoveTask") {
    for (const auto action : {"ReceiveMessage", "DeleteMessage", "GetQueueAttributes"}) {
      needs.push_back(need_on(sqs, action, arn));
    }
    if (const auto to = text_of(input, "DestinationArn"); !to.empty()) {
      needs.push_back(need_on(sqs, "SendMessage", to));
    }
  }
  auto allowed = access::authorize(call, needs);
  if (!allowed) {
    // The JSON protocol has the newer name; clients that know the older one find it in the header.
    allowed.error().headers.set("x-amzn-query-error", "AccessDenied;Sender");
  }
  return allowed;
}

Outcome<void> authorize(Sqs& sqs, const Queue& queue, std::string_view action, const Source& source) {
  return access::authorize(sqs.environment(), source, need_on(sqs, action, queue.definition().arn()));
}

}  // namespace ads::cloud::sqs
