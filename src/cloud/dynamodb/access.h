// What DynamoDB's operations need to be allowed: which actions on which tables and indexes.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
#pragma once
#include <string_view>

#include "base/json.h"
#include "cloud/call.h"
#include "cloud/dynamodb/context.h"

namespace ads::cloud::dynamodb {

// A request without what names its resource passes: the action refuses it in the words of validation.
// Errors: AccessDeniedException (400).
Outcome<void> authorize(const Call& call, Context& context, std::string_view operation, const json::object& request);

}  // namespace ads::cloud::dynamodb
