// What SQS's operations act on, as policies spell it, and what a queue's policy lets other services do.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
#pragma once
#include <string>
#include <string_view>

#include "cloud/sqs/context.h"

namespace ads::cloud::sqs {

using operations::Needs;
using operations::Request;

// The queue whose URL the member is, with its policy. A batch needs what its single operation needs.
Needs queue(const Context& context, const Request& request, std::string_view member);
Needs queue_named(const Context& context, const Request& request, std::string_view member);
Needs queue_with_arn(const Context& context, const Request& request, std::string_view member);
// The queue that a move task, by its handle, takes messages from.
Needs queue_of_task(const Context& context, const Request& request, std::string_view member);
// Both ends of a move task: what is done there, too, must be allowed.
Needs queues_of_new_task(const Context& context, const Request& request, std::string_view member);
Needs every_queue(const Context& context, const Request& request, std::string_view member);

// One action of another service on a queue. Errors: AccessDenied.
Outcome<void> authorize(Service& sqs, const Queue& queue, std::string_view action, const Source& source);

}  // namespace ads::cloud::sqs
