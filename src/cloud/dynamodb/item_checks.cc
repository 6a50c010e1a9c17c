#include "cloud/dynamodb/item_checks.h"

#include "cloud/dynamodb/errors.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::size_t kLargestHash = 2048, kLargestRange = 1024;

std::string present(const json::object& request, std::initializer_list<std::string_view> names) {
  std::string out;
  for (std::string_view name : names)
    if (const json::value* value = request.if_contains(name); value && !value->is_null())
      out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

Outcome<void> check_size(const Value& value, KeyPart part) {
  if (value.type == Type::number) return {};
  if (part == KeyPart::hash && value.text.size() > kLargestHash)
    return refuse(invalid_parameter("Size of hashkey has exceeded the maximum size limit of2048 bytes"));
  if (part == KeyPart::range && value.text.size() > kLargestRange)
    return refuse(invalid_parameter("Aggregated size of all range keys has exceeded the size limit of 1024 bytes"));
  return {};
}

std::string_view empty_kind(const Value& value) {
  return value.type == Type::string ? "string" : "binary";
}
bool is_empty_text(const Value& value) {
  return value.type != Type::number && value.text.empty();
}

}  // namespace

Outcome<void> check_expression_parameters(const json::object& request,
                                          std::initializer_list<std::string_view> expressions,
                                          std::initializer_list<std::string_view> legacy) {
  const std::string modern = present(request, expressions), old = present(request, legacy);
  if (!modern.empty() && !old.empty())
    return refuse(
        validation("Can not use both expression and non-expression parameters in the same request: "
                   "Non-expression parameters: {" +
                   old + "} Expression parameters: {" + modern + "}"));
  auto has = [&](std::string_view name) { return !present(request, {name}).empty(); };
  if (has("ExpressionAttributeNames") && modern.empty())
    return refuse(validation("ExpressionAttributeNames can only be specified when using expressions"));
  if (has("ExpressionAttributeValues")) {
    std::string absent;
    std::size_t count = 0;
    bool is_used = false;
    for (std::string_view name : expressions) {
      if (name == "ProjectionExpression") continue;
      is_used = is_used || has(name);
      absent += (count++ ? " and " : "") + std::string(name);
    }
    if (!is_used && count)
      return refuse(validation("ExpressionAttributeValues can only be specified when using expressions: " + absent +
                               (count > 1 ? " are null" : " is null")));
  }
  for (std::string_view name : legacy)
    if (name != "AttributesToGet" && has(name)) return refuse(unsupported("the legacy parameter " + std::string(name)));
  return {};
}

Outcome<void> check_key_value(const Table& table, std::string_view name, const Value* value, KeyPart part) {
  if (!value || value->type != table.type_of(name)) return refuse(wrong_key());
  if (is_empty_text(*value))
    return refuse(
        validation("One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
                   "contain an empty " +
                   std::string(empty_kind(*value)) + " value. Key: " + std::string(name)));
  return check_size(*value, part);
}

Outcome<void> check_key(const Table& table, const Attributes& key) {
  if (key.size() != (table.keys.has_range() ? 2u : 1u)) return refuse(wrong_key());
  if (auto hash = check_key_value(table, table.keys.hash, key.find(table.keys.hash), KeyPart::hash); !hash) return hash;
  if (!table.keys.has_range()) return {};
  return check_key_value(table, table.keys.range, key.find(table.keys.range), KeyPart::range);
}

Outcome<void> check_item(const Table& table, const Attributes& item) {
  for (KeyPart part : {KeyPart::hash, KeyPart::range}) {
    if (part == KeyPart::range && !table.keys.has_range()) break;
    const std::string& name = part == KeyPart::hash ? table.keys.hash : table.keys.range;
    const Value* value = item.find(name);
    if (!value) return refuse(invalid_parameter("Missing the key " + name + " in the item"));
    if (value->type != table.type_of(name))
      return refuse(invalid_parameter("Type mismatch for key " + name +
                                      " expected: " + std::string(to_string(table.type_of(name))) +
                                      " actual: " + std::string(to_string(value->type))));
    if (auto sound = check_key_value(table, name, value, part); !sound) return sound;
  }
  return check_index_keys(table, item);
}

Outcome<void> check_index_keys(const Table& table, const Attributes& item) {
  for (const Index& index : table.indexes) {
    for (KeyPart part : {KeyPart::hash, KeyPart::range}) {
      const std::string& name = part == KeyPart::hash ? index.keys.hash : index.keys.range;
      const Value* value = name.empty() ? nullptr : item.find(name);
      if (!value || table.keys.has(name)) continue;
      if (value->type != table.type_of(name))
        return refuse(invalid_parameter(
            "Type mismatch for Index Key " + name + " Expected: " + std::string(to_string(table.type_of(name))) +
            " Actual: " + std::string(to_string(value->type)) + " IndexName: " + index.name));
      if (is_empty_text(*value))
        return refuse(
            validation("One or more parameter values are not valid. A value specified for a secondary index key "
                       "is not supported. The AttributeValue for a key attribute cannot contain an empty " +
                       std::string(empty_kind(*value)) + " value. IndexName: " + index.name + ", IndexKey: " + name));
      if (auto sized = check_size(*value, part); !sized) return sized;
    }
  }
  return {};
}

Outcome<void> check_nested_paths(const Table& table, const std::vector<std::string>& nested_heads) {
  for (const std::string& head : nested_heads) {
    if (table.keys.has(head))
      return refuse(
          validation("Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
                     "allowed: Key: " +
                     head));
    for (const Index& index : table.indexes)
      if (index.keys.has(head))
        return refuse(
            validation("Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
                       "allowed: IndexKey: " +
                       head));
  }
  return {};
}

}  // namespace ads::cloud::dynamodb
