#include "aws/dynamodb/codec.h"

namespace ads::aws::dynamodb {
namespace {

// Items have members of the same names; here they are wanted for JSON.
using ads::get_integer;
using ads::get_string;

std::unexpected<Error> malformed(std::string message) {
  return fail(ErrorKind::corrupt, "MalformedAnswer", "DynamoDB: " + std::move(message));
}

Result<std::vector<Item>> items_from(const json::value& value) {
  auto* array = value.if_array();
  if (!array) return malformed("a list of items is not an array");
  std::vector<Item> out;
  out.reserve(array->size());
  for (auto& element : *array) {
    auto item = item_from(element);
    if (!item) return fail(item.error());
    out.push_back(std::move(*item));
  }
  return out;
}

Result<std::optional<Item>> optional_item(const json::object& body, std::string_view name) {
  auto* value = body.if_contains(name);
  if (!value || value->is_null()) return std::optional<Item>();
  auto item = item_from(*value);
  if (!item) return fail(item.error());
  return std::optional<Item>(std::move(*item));
}

Result<KeysOfTable> keys_from(const json::value& value) {
  auto* object = value.if_object();
  auto* keys = object ? object->if_contains("Keys") : nullptr;
  if (!keys) return malformed("UnprocessedKeys without Keys");
  auto items = items_from(*keys);
  if (!items) return fail(items.error());
  KeysOfTable out;
  out.keys = std::move(*items);
  if (auto projection = get_string(*object, "ProjectionExpression")) out.projection = std::string(*projection);
  if (auto* names = get_object(*object, "ExpressionAttributeNames"))
    for (auto& member : *names)
      if (auto* name = member.value().if_string()) out.names[member.key()] = std::string(*name);
  if (get_bool(*object, "ConsistentRead").value_or(false)) out.consistency = Consistency::strong;
  return out;
}

Result<std::vector<WriteRequest>> writes_from(const json::value& value) {
  auto* array = value.if_array();
  if (!array) return malformed("UnprocessedItems is not made of arrays");
  std::vector<WriteRequest> out;
  for (auto& element : *array) {
    auto* object = element.if_object();
    auto* put = object ? get_object(*object, "PutRequest") : nullptr;
    auto* remove = object ? get_object(*object, "DeleteRequest") : nullptr;
    auto* content = put ? put->if_contains("Item") : remove ? remove->if_contains("Key") : nullptr;
    if (!content) return malformed("an unprocessed item is neither a PutRequest nor a DeleteRequest");
    auto item = item_from(*content);
    if (!item) return fail(item.error());
    if (put) {
      out.emplace_back(PutRequest{std::move(*item)});
    } else {
      out.emplace_back(DeleteRequest{std::move(*item)});
    }
  }
  return out;
}

}  // namespace

Result<GetItemOutput> decode_get_item(const json::object& body) {
  auto item = optional_item(body, "Item");
  if (!item) return fail(item.error());
  return GetItemOutput{std::move(*item)};
}

Result<WriteOutput> decode_write(const json::object& body) {
  auto item = optional_item(body, "Attributes");
  if (!item) return fail(item.error());
  return WriteOutput{std::move(*item)};
}

// {"Responses": {"table": [item, ..]}, "UnprocessedKeys": {"table": {"Keys": [..]}}}
Result<BatchGetItemOutput> decode_batch_get_item(const json::object& body) {
  BatchGetItemOutput out;
  auto* responses = get_object(body, "Responses");
  if (!responses) return malformed("BatchGetItem: no Responses");
  for (auto& member : *responses) {
    auto items = items_from(member.value());
    if (!items) return fail(items.error());
    out.items[member.key()] = std::move(*items);
  }
  if (auto* unprocessed = get_object(body, "UnprocessedKeys")) {
    for (auto& member : *unprocessed) {
      auto keys = keys_from(member.value());
      if (!keys) return fail(keys.error());
      out.unprocessed[member.key()] = std::move(*keys);
    }
  }
  return out;
}

Result<BatchWriteItemOutput> decode_batch_write_item(const json::object& body) {
  BatchWriteItemOutput out;
  if (auto* unprocessed = get_object(body, "UnprocessedItems")) {
    for (auto& member : *unprocessed) {
      auto writes = writes_from(member.value());
      if (!writes) return fail(writes.error());
      out.unprocessed[member.key()] = std::move(*writes);
    }
  }
  return out;
}

Result<PageOutput> decode_page(const json::object& body) {
  PageOutput out;
  if (auto* list = body.if_contains("Items")) {
    auto items = items_from(*list);
    if (!items) return fail(items.error());
    out.items = std::move(*items);
  }
  out.count = static_cast<int>(get_integer(body, "Count").value_or(static_cast<std::int64_t>(out.items.size())));
  out.scanned_count = static_cast<int>(get_integer(body, "ScannedCount").value_or(out.count));
  auto last = optional_item(body, "LastEvaluatedKey");
  if (!last) return fail(last.error());
  out.last_evaluated_key = std::move(*last);
  return out;
}

Result<DescribeTableOutput> decode_describe_table(const json::object& body) {
  auto* table = get_object(body, "Table");
  if (!table) return malformed("DescribeTable: no Table");
  DescribeTableOutput out;
  out.name = get_string(*table, "TableName").value_or("");
  out.arn = get_string(*table, "TableArn").value_or("");
  out.status = get_string(*table, "TableStatus").value_or("");
  out.item_count = get_integer(*table, "ItemCount").value_or(0);
  out.size_bytes = get_integer(*table, "TableSizeBytes").value_or(0);
  if (auto* schema = get_array(*table, "KeySchema"))
    for (auto& element : *schema)
      if (auto* object = element.if_object())
        out.key_schema.push_back({std::string(get_string(*object, "AttributeName").value_or("")),
                                  std::string(get_string(*object, "KeyType").value_or(""))});
  return out;
}

}  // namespace ads::aws::dynamodb
