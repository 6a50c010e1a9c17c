// One put, update, deletion or condition check, alone or within a transaction: read, tied to its table, and judged.
#pragma once
#include <optional>
#include <string>

#include "cloud/dynamodb/capacity.h"
#include "cloud/dynamodb/context.h"
#include "cloud/dynamodb/expression/condition.h"
#include "cloud/dynamodb/expression/update.h"
#include "cloud/dynamodb/items.h"

namespace ads::cloud::dynamodb {

struct ItemWrite {
  enum Kind { put, update, remove, check } kind = put;
  Attributes attributes;  // the item of a put, the key of all others
  Scope scope;
  std::optional<Condition> condition;
  Update changes;
  bool shows_item_on_failure = false;  // ReturnValuesOnConditionCheckFailure: ALL_OLD

  Table* table = nullptr;  // from bind() on
  std::string key;
};

// What the write makes of the item as it is now.
struct Effect {
  std::optional<StoredItem> before;
  std::optional<Attributes> after;  // nothing: the item goes, or stays absent
  bool is_change = true;            // false for a check, and for an update that leaves an absent item absent
};

// Values, sizes and expressions. Errors: ValidationException, SerializationException.
Outcome<ItemWrite> read_item_write(ItemWrite::Kind kind, const json::object& request);
// Finds the table and checks the key against it. Errors: ResourceNotFoundException, ValidationException.
Outcome<void> bind(Context& context, const json::object& request, ItemWrite& write);
// Errors: ConditionalCheckFailedException (with the item where it was asked for), ValidationException.
Outcome<Effect> judge(Context& context, const ItemWrite& write);
// Adds the effect to what will be applied, and tells what it costs.
Consumed stage(Writes& writes, const ItemWrite& write, const Effect& effect);

}  // namespace ads::cloud::dynamodb
