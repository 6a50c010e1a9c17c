#include "cloud/dynamodb/actions/actions.h"
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/expression/key_condition.h"
#include "cloud/dynamodb/item_checks.h"
#include "cloud/dynamodb/item_read.h"
#include "cloud/dynamodb/items.h"
#include "cloud/dynamodb/keys.h"
#include "cloud/dynamodb/page.h"
#include "cloud/dynamodb/shape.h"
#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {
namespace {

using Op = Condition::Operator;

const Shape& shape() {
  static const Shape kShape = {{"Select",
                                Member::text,
                                false,
                                {},
                                {},
                                {"SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"}},
                               {"IndexName", Member::name},
                               return_consumed_capacity(),
                               table_name(),
                               {"AttributesToGet", Member::list, false, 1, 255},
                               {"Limit", Member::integer, false, 1},
                               {"ExclusiveStartKey", Member::values},
                               {"ConsistentRead", Member::boolean},
                               {"ScanIndexForward", Member::boolean},
                               {"KeyConditionExpression", Member::text},
                               {"FilterExpression", Member::text},
                               {"ProjectionExpression", Member::text},
                               {"ExpressionAttributeValues", Member::values},
                               expression_names()};
  return kShape;
}

const KeyCondition* condition_on(const std::vector<KeyCondition>& conditions, std::string_view attribute) {
  for (const KeyCondition& condition : conditions)
    if (condition.attribute == attribute) return &condition;
  return nullptr;
}

// The conditions name the key's attributes and nothing else, in types that fit.
Outcome<void> check_conditions(const Table& table, const KeySchema& keys, const std::vector<KeyCondition>& conditions) {
  if (!keys.has_range() && conditions.size() > 1) return refuse(validation("Query key condition not supported"));
  for (const std::string& name : {keys.hash, keys.range}) {
    if (name.empty()) continue;
    const KeyCondition* condition = condition_on(conditions, name);
    if (!condition) {
      if (name == keys.hash || conditions.size() > 1)
        return refuse(validation("Query condition missed key schema element: " + name));
      continue;
    }
    for (const Value* value : condition->values) {
      if (value->type != table.type_of(name))
        return refuse(invalid_parameter("Condition parameter type does not match schema type"));
      if (value->type != Type::number && value->text.empty() && condition->op != Op::begins_with)
        return refuse(
            validation("One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
                       "contain an empty " +
                       std::string(value->type == Type::string ? "string" : "binary") + " value. Key: " + name));
    }
    if (name == keys.hash && condition->op != Op::equal) return refuse(validation("Query key condition not supported"));
  }
  return {};
}

// [from, to) of the store for a partition's prefix and a condition on the sort key.
void set_range(PageRequest& page, const std::string& partition, const KeyCondition* condition) {
  page.from = partition;
  page.to = after_prefix(partition);
  if (!condition) return;
  std::string first = partition, last = partition;
  append_key_value(first, *condition->values.front());
  append_key_value(last, *condition->values.back());
  switch (condition->op) {
    case Op::less:
      page.to = first;
      break;
    case Op::less_or_equal:
      page.to = after_prefix(first);
      break;
    case Op::greater:
      page.from = after_prefix(first);
      break;
    case Op::greater_or_equal:
      page.from = first;
      break;
    case Op::begins_with:
      first.resize(first.size() - 2);  // without the text's terminator
      page.from = first;
      page.to = after_prefix(first);
      break;
    default:  // equal, between
      page.from = first;
      page.to = after_prefix(last);
  }
}

Outcome<void> check_start_key(const PageRequest& page, const KeySchema& keys, const Attributes& start,
                              const std::vector<KeyCondition>& conditions) {
  if (start.size() != start_key_names(page).size()) return refuse(validation("The provided starting key is invalid"));
  for (const std::string& name : start_key_names(page)) {
    const Value* value = start.find(name);
    if (!value || value->type != page.table->type_of(name))
      return refuse(validation("The provided starting key is invalid"));
    const KeyPart part = name == page.table->keys.hash || name == keys.hash ? KeyPart::hash : KeyPart::range;
    if (auto sound = check_key_value(*page.table, name, value, part); !sound)
      return refuse(validation("The provided starting key is invalid: " + sound.error().message));
  }
  const bool same_partition = *start.find(keys.hash) == *condition_on(conditions, keys.hash)->values.front();
  if (conditions.size() == 1 && !same_partition)
    return refuse(validation("The provided starting key is outside query boundaries based on provided conditions"));
  return {};
}

// Cuts the range at the starting key. Errors: ValidationException where it lies outside.
Outcome<void> continue_from(PageRequest& page, const KeySchema& keys, const Attributes& start,
                            bool has_range_condition) {
  (void)keys;
  const std::string key = page.index ? *index_key(*page.table, *page.index, start) : item_key(*page.table, start);
  if (key < page.from || key >= page.to)
    return refuse(validation(
        has_range_condition ? "The provided starting key does not match the range key predicate"
                            : "The provided starting key is outside query boundaries based on provided conditions"));
  if (page.order == ScanOrder::ascending)
    page.from = key + '\0';
  else
    page.to = key;
  return {};
}

}  // namespace

Outcome<std::string> query(Context& context, const json::object& request) {
  if (auto sound = check_shape(request, shape()); !sound) return refuse(sound.error());
  if (auto sound =
          check_expression_parameters(request, {"ProjectionExpression", "FilterExpression", "KeyConditionExpression"},
                                      {"AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"});
      !sound)
    return refuse(sound.error());
  if (auto sound = check_select(request); !sound) return refuse(sound.error());
  std::optional<Attributes> start;
  if (const json::value* json = request.if_contains("ExclusiveStartKey"); json && !json->is_null()) {
    auto read = read_attributes(*json);
    if (!read) {
      WireError error = read.error();
      if (error.code == "ValidationException") error.message = "The provided starting key is invalid: " + error.message;
      return refuse(std::move(error));
    }
    start = *std::move(read);
  }
  auto expression = get_string(request, "KeyConditionExpression");
  if (!expression)
    return refuse(
        validation("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."));
  auto scope = Scope::read(request);
  if (!scope) return refuse(scope.error());
  auto conditions = parse_key_conditions(*expression, *scope);
  if (!conditions) return refuse(conditions.error());
  PageRequest page;
  if (auto text = get_string(request, "FilterExpression")) {
    auto filter = parse_condition("FilterExpression", *text, *scope);
    if (!filter) return refuse(filter.error());
    page.filter = *std::move(filter);
  }
  auto projection = read_projection(request, *scope);
  if (!projection) return refuse(projection.error());
  page.projection = *std::move(projection);
  if (auto used = scope->check_all_used(); !used) return refuse(used.error());
  if (auto bound = bind_page(context, request, page); !bound) return refuse(bound.error());

  const KeySchema& keys = page.index ? page.index->keys : page.table->keys;
  if (auto sound = check_conditions(*page.table, keys, *conditions); !sound) return refuse(sound.error());
  if (start)
    if (auto sound = check_start_key(page, keys, *start, *conditions); !sound) return refuse(sound.error());
  if (auto sound = check_projection(*page.table, page.projection); !sound) return refuse(sound.error());
  if (page.filter) {
    const PathHeads heads = heads_of(*page.filter);
    for (const std::string& head : heads.all)
      if (keys.has(head))
        return refuse(validation(
            "Filter Expression can only contain non-primary key attributes: Primary key attribute: " + head));
    if (auto sound = check_nested_paths(*page.table, heads.nested); !sound) return refuse(sound.error());
  }

  std::string partition = page.index ? index_space(*page.table, *page.index) : page.table->item_space(), encoded;
  append_key_value(encoded, *condition_on(*conditions, keys.hash)->values.front());
  append_hash(partition, encoded);
  partition += encoded;
  const KeyCondition* range = keys.has_range() ? condition_on(*conditions, keys.range) : nullptr;
  set_range(page, partition, range);
  if (!get_bool(request, "ScanIndexForward").value_or(true)) page.order = ScanOrder::descending;
  if (start)
    if (auto sound = continue_from(page, keys, *start, range != nullptr); !sound) return refuse(sound.error());
  return read_page(context, page);
}

}  // namespace ads::cloud::dynamodb
