// DescribeTable, ListTables, DeleteTable, DescribeLimits, DescribeEndpoints.
#include "cloud/dynamodb/actions/actions.h"
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/shape.h"

namespace ads::cloud::dynamodb {
namespace {

const Shape& table_only() {
  static const Shape kShape = {{"TableName", Member::control_table_name}};
  return kShape;
}

}  // namespace

Outcome<std::string> describe_table(Context& context, const json::object& request) {
  if (auto sound = check_shape(request, table_only()); !sound) return refuse(sound.error());
  auto table = find_named_table(context, *get_string(request, "TableName"));
  if (!table) return refuse(table.error());
  return ReplyText().member("Table", json::value(describe(**table, "ACTIVE"))).take();
}

Outcome<std::string> list_tables(Context& context, const json::object& request) {
  static const Shape kShape = {{"Limit", Member::integer, false, 1, 100}, {"ExclusiveStartTableName", Member::name}};
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  const std::size_t limit = std::size_t(get_integer(request, "Limit").value_or(100));
  auto names = context.catalog.names_after(context.region, get_string(request, "ExclusiveStartTableName").value_or(""),
                                           limit + 1);
  const bool has_more = names.size() > limit;
  if (has_more) names.pop_back();
  json::array list;
  for (const std::string& name : names) list.emplace_back(name);
  ReplyText reply;
  reply.member("TableNames", json::value(std::move(list)));
  if (has_more) reply.member("LastEvaluatedTableName", json::value(names.back()));
  return reply.take();
}

Outcome<std::string> delete_table(Context& context, const json::object& request) {
  if (auto sound = check_shape(request, table_only()); !sound) return refuse(sound.error());
  auto table = find_named_table(context, *get_string(request, "TableName"));
  if (!table) return refuse(table.error());
  if ((*table)->deletion_protected)
    return refuse(validation("1 validation error detected: Table '" + (*table)->name +
                             "' can't be deleted while DeletionProtectionEnabled is set to True"));
  json::object description = describe(**table, "DELETING");
  Batch batch;
  context.catalog.erase(batch, **table);
  if (auto applied = apply(context, std::move(batch)); !applied) return refuse(applied.error());
  context.catalog.forget(**table);
  return ReplyText().member("TableDescription", json::value(std::move(description))).take();
}

// A new account's quotas; nothing here enforces throughput.
Outcome<std::string> describe_limits(Context&, const json::object&) {
  return json::serialize(json::object{{"AccountMaxReadCapacityUnits", 80000},
                                      {"AccountMaxWriteCapacityUnits", 80000},
                                      {"TableMaxReadCapacityUnits", 40000},
                                      {"TableMaxWriteCapacityUnits", 40000}});
}

Outcome<std::string> describe_endpoints(Context& context, const json::object&) {
  json::array endpoints{json::object{{"Address", context.endpoint}, {"CachePeriodInMinutes", 1440}}};
  return ReplyText().member("Endpoints", json::value(std::move(endpoints))).take();
}

}  // namespace ads::cloud::dynamodb
