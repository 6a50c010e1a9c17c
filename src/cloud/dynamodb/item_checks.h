// What every item operation checks of its request, in AWS's words.
#pragma once
#include <initializer_list>
#include <string_view>

#include "base/json.h"
#include "cloud/dynamodb/expression/condition.h"
#include "cloud/dynamodb/table.h"
#include "cloud/wire_error.h"

namespace ads::cloud::dynamodb {

inline constexpr std::size_t kLargestItem = 400 * 1024;

// Expressions and the legacy parameters that they replaced must not meet. A legacy parameter alone is NotImplemented,
// except AttributesToGet. `expressions` and `legacy` are those that the operation knows.
Outcome<void> check_expression_parameters(const json::object& request,
                                          std::initializer_list<std::string_view> expressions,
                                          std::initializer_list<std::string_view> legacy);

// Exactly the table's key attributes, of the right types and sizes.
Outcome<void> check_key(const Table& table, const Attributes& key);
// One attribute of a key. `is_hash` tells which limit applies.
enum class KeyPart { hash, range };
Outcome<void> check_key_value(const Table& table, std::string_view name, const Value* value, KeyPart part);
// The key attributes of the table and of its indexes inside a whole item.
Outcome<void> check_item(const Table& table, const Attributes& item);
// An index's key attributes alone: after an update.
Outcome<void> check_index_keys(const Table& table, const Attributes& item);

// A document path must not reach into a key attribute. `keys` of the table and of all its indexes.
Outcome<void> check_nested_paths(const Table& table, const std::vector<std::string>& nested_heads);

}  // namespace ads::cloud::dynamodb
