#include "cloud/dynamodb/actions/actions.h"
#include "cloud/dynamodb/capacity.h"
#include "cloud/dynamodb/item_checks.h"
#include "cloud/dynamodb/item_read.h"
#include "cloud/dynamodb/shape.h"
#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {

Outcome<std::string> get_item(Context& context, const json::object& request) {
  static const Shape kShape = {return_consumed_capacity(),
                               {"AttributesToGet", Member::list, false, 1, 255},
                               table_name(),
                               {"Key", Member::values, true},
                               {"ConsistentRead", Member::boolean},
                               {"ProjectionExpression", Member::text},
                               expression_names()};
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  if (auto sound = check_expression_parameters(request, {"ProjectionExpression"}, {"AttributesToGet"}); !sound)
    return refuse(sound.error());
  auto key = read_attributes(request.at("Key"));
  if (!key) return refuse(key.error());
  auto scope = Scope::read(request);
  if (!scope) return refuse(scope.error());
  auto projection = read_projection(request, *scope);
  if (!projection) return refuse(projection.error());
  if (auto used = scope->check_all_used(); !used) return refuse(used.error());

  auto table = find_table(context, *get_string(request, "TableName"));
  if (!table) return refuse(table.error());
  if (auto sound = check_key(**table, *key); !sound) return refuse(sound.error());
  if (auto sound = check_projection(**table, *projection); !sound) return refuse(sound.error());
  auto item = find_item(context.store, **table, *key);

  std::string reply = "{";
  if (item) {
    reply += "\"Item\":";
    append_item(reply, *item, *projection);
  }
  if (auto report = capacity_report(request); report != CapacityReport::none) {
    const Consumed consumed{read_units(item ? item->size() : 0, consistency(request)), {}};
    reply += item ? ",\"ConsumedCapacity\":" : "\"ConsumedCapacity\":";
    reply += json::serialize(to_json(consumed, **table, report));
  }
  return std::move(reply += '}');
}

}  // namespace ads::cloud::dynamodb
