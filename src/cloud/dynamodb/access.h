// What DynamoDB's operations need to be allowed: which actions on which tables and indexes.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
#pragma once
#include <string_view>

#include "base/json.h"
#include "cloud/call.h"
#include "cloud/dynamodb/context.h"
#include "cloud/resource_rule.h"

namespace ads::cloud::dynamodb {

// What an operation acts on, by the member that names it; an item's table and a query's index have members of their
// own.
enum class On { table, item, query, scan, batch, transaction, every_table, everything };
using Resource = ResourceRule<On>;

// Errors: AccessDeniedException (400).
Outcome<void> authorize(const Call& call, Context& context, std::string_view operation, Resource resource,
                        const json::object& request);

}  // namespace ads::cloud::dynamodb
