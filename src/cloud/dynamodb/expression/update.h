// UpdateExpression: SET, REMOVE, ADD and DELETE, parsed, and applied to an item.
#pragma once
#include <string_view>
#include <vector>

#include "cloud/dynamodb/expression/path.h"
#include "cloud/dynamodb/expression/scope.h"

namespace ads::cloud::dynamodb {

// The right side of SET path = ...
struct SetValue {
  enum Kind { path, constant, if_not_exists, list_append, plus, minus } kind = path;
  Path document_path;
  const Value* value = nullptr;    // the scope's
  std::vector<SetValue> operands;  // two, of functions and arithmetic
};

struct UpdateAction {
  enum Kind { set, remove, add, subtract } kind = set;  // subtract is the DELETE section
  Path path;
  SetValue value;                  // of set
  const Value* operand = nullptr;  // of add and subtract
};

using Update = std::vector<UpdateAction>;

// Errors: ValidationException "Invalid UpdateExpression: ...".
Outcome<Update> parse_update(std::string_view expression, Scope& scope);

// Every right side sees the item as it was. Errors: ValidationException; the item is then of no use.
Outcome<void> apply_update(const Update& update, Attributes& item);

// True where an absent item must not come into being: nothing but REMOVE and DELETE.
bool only_removes(const Update& update);

std::vector<Path> paths_of(const Update& update);

}  // namespace ads::cloud::dynamodb
