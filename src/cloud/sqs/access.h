// What SQS's operations need to be allowed, and what a queue's policy lets other services do.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/access.h"
#include "cloud/call.h"
#include "cloud/resource_rule.h"
#include "cloud/sqs/queues.h"

namespace ads::cloud::sqs {

class Sqs;

// What an operation acts on, by the member that names it.
enum class On { queue, queue_name, queue_arn, move_task, every_queue };
using Resource = ResourceRule<On>;

// The policy as SetQueueAttributes takes it. Errors: InvalidAttributeValue.
Outcome<std::string> check_policy(const std::string& document);

// `input` in the JSON model's shape, whatever the protocol. Errors: AccessDenied (403).
Outcome<void> authorize(Sqs& sqs, const Call& call, std::string_view operation, Resource resource,
                        const json::object& input);

// One action of another service on a queue. Errors: AccessDenied.
Outcome<void> authorize(Sqs& sqs, const Queue& queue, std::string_view action, const Source& source);

}  // namespace ads::cloud::sqs
