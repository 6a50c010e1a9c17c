// PutItem, UpdateItem, DeleteItem.
#include "cloud/dynamodb/actions/actions.h"
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/expression/projection.h"
#include "cloud/dynamodb/item_checks.h"
#include "cloud/dynamodb/item_write.h"
#include "cloud/dynamodb/shape.h"
#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {
namespace {

Shape shape(std::string_view attributes) {
  return {return_consumed_capacity(),
          table_name(),
          {attributes, Member::values, true},
          {"ReturnValues", Member::text, false, {}, {}, {"ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"}},
          return_item_collection_metrics(),
          {"ReturnValuesOnConditionCheckFailure", Member::text, false, {}, {}, {"ALL_OLD", "NONE"}},
          {"ConditionExpression", Member::text},
          {"UpdateExpression", Member::text},
          {"ExpressionAttributeValues", Member::values},
          expression_names()};
}

// The parts of the item that the update named.
std::string touched(const ItemWrite& write, const Attributes& item) {
  return to_json(Projection(paths_of(write.changes)).apply(item));
}

// Nothing where the request asked for nothing, or there is nothing to return.
std::optional<std::string> returned_attributes(std::string_view wanted, const ItemWrite& write, const Effect& effect) {
  if (wanted == "ALL_OLD" && effect.before) return std::string(effect.before->json());
  if (wanted == "ALL_NEW" && effect.after) return to_json(*effect.after);
  std::optional<std::string> parts;
  if (wanted == "UPDATED_OLD" && effect.before) parts = touched(write, effect.before->attributes());
  if (wanted == "UPDATED_NEW" && effect.after) parts = touched(write, *effect.after);
  return parts == "{}" ? std::nullopt : parts;
}

Outcome<void> check_return_values(const json::object& request, ItemWrite::Kind kind) {
  const std::string_view wanted = get_string(request, "ReturnValues").value_or("NONE");
  if (kind == ItemWrite::update || wanted == "ALL_OLD" || wanted == "NONE") return {};
  return refuse(validation("ReturnValues can only be ALL_OLD or NONE"));
}

Outcome<std::string> write_item(Context& context, const json::object& request, ItemWrite::Kind kind) {
  auto write = read_item_write(kind, request);
  if (!write) return refuse(write.error());
  if (auto bound = bind(context, request, *write); !bound) return refuse(bound.error());
  const bool has_collections = std::any_of(write->table->indexes.begin(), write->table->indexes.end(),
                                           [](const Index& index) { return index.kind == Index::local; });
  if (has_collections && get_string(request, "ReturnItemCollectionMetrics") == "SIZE")
    return refuse(unsupported("ReturnItemCollectionMetrics=SIZE on a table with local secondary indexes"));
  auto effect = judge(context, *write);
  if (!effect) return refuse(effect.error());

  Writes writes(context.store);
  const Consumed consumed = stage(writes, *write, *effect);
  if (auto done = apply(context, writes); !done) return refuse(done.error());
  ReplyText reply;
  if (auto attributes = returned_attributes(get_string(request, "ReturnValues").value_or("NONE"), *write, *effect))
    reply.member("Attributes", std::string_view(*attributes));
  if (auto report = capacity_report(request); report != CapacityReport::none)
    reply.member("ConsumedCapacity", json::value(to_json(consumed, *write->table, report)));
  return reply.take();
}

}  // namespace

Outcome<std::string> put_item(Context& context, const json::object& request) {
  static const Shape kShape = shape("Item");
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  if (auto sound = check_expression_parameters(request, {"ConditionExpression"}, {"Expected", "ConditionalOperator"});
      !sound)
    return refuse(sound.error());
  if (auto sound = check_return_values(request, ItemWrite::put); !sound) return refuse(sound.error());
  return write_item(context, request, ItemWrite::put);
}

Outcome<std::string> update_item(Context& context, const json::object& request) {
  static const Shape kShape = shape("Key");
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  if (auto sound = check_expression_parameters(request, {"UpdateExpression", "ConditionExpression"},
                                               {"AttributeUpdates", "Expected", "ConditionalOperator"});
      !sound)
    return refuse(sound.error());
  return write_item(context, request, ItemWrite::update);
}

Outcome<std::string> delete_item(Context& context, const json::object& request) {
  static const Shape kShape = shape("Key");
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  if (auto sound = check_expression_parameters(request, {"ConditionExpression"}, {"Expected", "ConditionalOperator"});
      !sound)
    return refuse(sound.error());
  if (auto sound = check_return_values(request, ItemWrite::remove); !sound) return refuse(sound.error());
  return write_item(context, request, ItemWrite::remove);
}

}  // namespace ads::cloud::dynamodb
