#include "cloud/dynamodb/item_write.h"

#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/item_checks.h"
#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr int kDeepest = 32;

int depth_of(const Value& value) {
  int deepest = 0;
  for (const Value& element : value.list) deepest = std::max(deepest, depth_of(element));
  for (const auto& [name, member] : value.map) deepest = std::max(deepest, depth_of(member));
  return deepest + 1;
}

// An update may touch neither the table's key nor the inside of any key.
Outcome<void> check_targets(const ItemWrite& write) {
  std::vector<std::string> nested;
  for (const UpdateAction& action : write.changes) {
    const std::string& head = std::get<std::string>(action.path.front());
    if (action.path.size() > 1)
      nested.push_back(head);
    else if (write.table->keys.has(head))
      return refuse(invalid_parameter("Cannot update attribute " + head + ". This attribute is part of the key"));
  }
  return check_nested_paths(*write.table, nested);
}

WireError failed(const ItemWrite& write, const std::optional<StoredItem>& before) {
  WireError error = condition_failed();
  if (write.shows_item_on_failure && before)
    if (auto item = parse_text(before->json())) error.fields["Item"] = *std::move(item);
  return error;
}

}  // namespace

Outcome<ItemWrite> read_item_write(ItemWrite::Kind kind, const json::object& request) {
  ItemWrite write;
  write.kind = kind;
  auto attributes = read_attributes(request.at(kind == ItemWrite::put ? "Item" : "Key"));
  if (!attributes) return refuse(attributes.error());
  write.attributes = *std::move(attributes);
  if (kind == ItemWrite::put && size_of(write.attributes) > kLargestItem)
    return refuse(validation("Item size has exceeded the maximum allowed size"));
  write.shows_item_on_failure = get_string(request, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD";

  auto scope = Scope::read(request);
  if (!scope) return refuse(scope.error());
  write.scope = *std::move(scope);
  if (auto text = get_string(request, "UpdateExpression"); text && kind == ItemWrite::update) {
    auto changes = parse_update(*text, write.scope);
    if (!changes) return refuse(changes.error());
    write.changes = *std::move(changes);
  }
  if (auto text = get_string(request, "ConditionExpression")) {
    auto condition = parse_condition("ConditionExpression", *text, write.scope);
    if (!condition) return refuse(condition.error());
    write.condition = *std::move(condition);
  }
  if (auto used = write.scope.check_all_used(); !used) return refuse(used.error());
  return write;
}

Outcome<void> bind(Context& context, const json::object& request, ItemWrite& write) {
  auto table = find_table(context, *get_string(request, "TableName"));
  if (!table) return refuse(table.error());
  write.table = *table;
  auto sound =
      write.kind == ItemWrite::put ? check_item(**table, write.attributes) : check_key(**table, write.attributes);
  if (!sound) return sound;
  write.key = item_key(**table, write.attributes);
  if (write.condition)
    if (auto scalar = check_nested_paths(**table, heads_of(*write.condition).nested); !scalar) return scalar;
  return write.kind == ItemWrite::update ? check_targets(write) : Outcome<void>();
}

Outcome<Effect> judge(Context& context, const ItemWrite& write) {
  Effect effect;
  if (auto stored = context.store.get(write.key)) effect.before.emplace(*std::move(stored));
  static const Attributes kNothing;
  if (write.condition && !holds(*write.condition, effect.before ? effect.before->attributes() : kNothing))
    return refuse(failed(write, effect.before));
  if (write.kind == ItemWrite::check) effect.is_change = false;
  if (write.kind == ItemWrite::put) effect.after = write.attributes;
  if (write.kind != ItemWrite::update) return effect;

  if (!effect.before && only_removes(write.changes)) {
    effect.is_change = false;
    return effect;
  }
  Attributes item = effect.before ? effect.before->attributes() : write.attributes;
  if (auto applied = apply_update(write.changes, item); !applied) return refuse(applied.error());
  if (size_of(item) > kLargestItem)
    return refuse(validation("Item size to update has exceeded the maximum allowed size"));
  for (const auto& [name, value] : item)
    if (depth_of(value) > kDeepest) return refuse(validation("Nesting Levels have exceeded supported limits"));
  if (auto sound = check_index_keys(*write.table, item); !sound) return refuse(sound.error());
  effect.after = std::move(item);
  return effect;
}

Consumed stage(Writes& writes, const ItemWrite& write, const Effect& effect) {
  const std::size_t size = effect.after ? size_of(*effect.after) : 0;
  Consumed consumed{write_units(std::max(size, effect.before ? effect.before->size() : 0)), {}};
  if (effect.is_change)
    consumed.indexes = writes.replace(*write.table, write.key, effect.before ? &*effect.before : nullptr,
                                      effect.after ? &*effect.after : nullptr);
  return consumed;
}

}  // namespace ads::cloud::dynamodb
