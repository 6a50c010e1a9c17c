// DynamoDB's operations, one function each: the request in the model's JSON, the reply as JSON text.
#pragma once
#include <string>

#include "cloud/dynamodb/context.h"

namespace ads::cloud::dynamodb {

using Action = Outcome<std::string>(Context& context, const json::object& request);

// Tables.
Action create_table, describe_table, list_tables, update_table, delete_table;
Action describe_time_to_live, update_time_to_live;
Action describe_continuous_backups, update_continuous_backups;
Action tag_resource, untag_resource, list_tags_of_resource;
Action describe_limits, describe_endpoints;
// Items.
Action get_item, put_item, update_item, delete_item;
Action batch_get_item, batch_write_item;
Action transact_get_items, transact_write_items;
Action query, scan;

}  // namespace ads::cloud::dynamodb
