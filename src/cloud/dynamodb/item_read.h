// What GetItem, BatchGetItem and TransactGetItems share: keys in, projected items out.
#pragma once
#include <optional>
#include <string>

#include "cloud/dynamodb/context.h"
#include "cloud/dynamodb/expression/projection.h"
#include "cloud/dynamodb/items.h"

namespace ads::cloud::dynamodb {

// ProjectionExpression with its names, or AttributesToGet; nothing where the request wants whole items.
// Marks names in the scope and leaves it to the caller to check that all were used.
Outcome<std::optional<Projection>> read_projection(const json::object& request, Scope& scope);

// Appends the item's JSON: spliced as stored, or projected.
void append_item(std::string& out, const StoredItem& item, const std::optional<Projection>& projection);

// The nested paths of a projection must not reach into keys.
Outcome<void> check_projection(const Table& table, const std::optional<Projection>& projection);

}  // namespace ads::cloud::dynamodb
