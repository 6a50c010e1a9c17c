// What is special about SQS's Query protocol, for clients older than its JSON protocol (boto3 below 1.28). The names in
// its forms are in model.inc.
#pragma once
#include "cloud/call.h"
#include "cloud/operations/form.h"

namespace ads::cloud::sqs {

// The request may be sent to the queue's own address.
void add_queue_url(const Call& call, operations::FormTree& form);
// {"Attributes": {"a": "b"}}  ->  <Attribute><Name>a</Name><Value>b</Value></Attribute>
std::string render_result(std::string_view operation, const json::object& result);

}  // namespace ads::cloud::sqs
