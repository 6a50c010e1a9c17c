#include "aws/dynamodb/codec.h"

namespace ads::aws::dynamodb {
namespace {

void set_if(json::object& out, std::string_view name, const Text& text) {
  if (text) out[name] = *text;
}

void set_names(json::object& out, const Names& names) {
  if (names.empty()) return;
  json::object object;
  for (auto& [placeholder, name] : names) object[placeholder] = name;
  out["ExpressionAttributeNames"] = std::move(object);
}

void set_values(json::object& out, const Values& values) {
  if (!values.empty()) out["ExpressionAttributeValues"] = to_json(values);
}

void set_consistency(json::object& out, Consistency consistency) {
  if (consistency == Consistency::strong) out["ConsistentRead"] = true;
}

void set_return_values(json::object& out, ReturnValues values) {
  switch (values) {
    case ReturnValues::none:
      return;
    case ReturnValues::all_old:
      out["ReturnValues"] = "ALL_OLD";
      return;
    case ReturnValues::updated_old:
      out["ReturnValues"] = "UPDATED_OLD";
      return;
    case ReturnValues::all_new:
      out["ReturnValues"] = "ALL_NEW";
      return;
    case ReturnValues::updated_new:
      out["ReturnValues"] = "UPDATED_NEW";
      return;
  }
}

template <class Input>
void set_condition(json::object& out, const Input& input) {
  set_if(out, "ConditionExpression", input.condition);
  set_names(out, input.names);
  set_values(out, input.values);
}

json::object keys_of(const KeysOfTable& keys) {
  json::array list;
  for (auto& key : keys.keys) list.push_back(to_json(key));
  json::object out{{"Keys", std::move(list)}};
  set_if(out, "ProjectionExpression", keys.projection);
  set_names(out, keys.names);
  set_consistency(out, keys.consistency);
  return out;
}

struct TransactWriter {
  json::object operator()(const PutItemInput& input) const { return {{"Put", encode(input)}}; }
  json::object operator()(const UpdateItemInput& input) const { return {{"Update", encode(input)}}; }
  json::object operator()(const DeleteItemInput& input) const { return {{"Delete", encode(input)}}; }
  json::object operator()(const ConditionCheck& input) const {
    json::object out{{"TableName", input.table}, {"Key", to_json(input.key)}, {"ConditionExpression", input.condition}};
    set_names(out, input.names);
    set_values(out, input.values);
    return {{"ConditionCheck", std::move(out)}};
  }
};

template <class Input>
void set_page(json::object& out, const Input& input) {
  set_if(out, "IndexName", input.index);
  set_if(out, "FilterExpression", input.filter);
  set_if(out, "ProjectionExpression", input.projection);
  set_names(out, input.names);
  set_values(out, input.values);
  if (input.limit) out["Limit"] = *input.limit;
  if (!input.start_key.empty()) out["ExclusiveStartKey"] = to_json(input.start_key);
  set_consistency(out, input.consistency);
}

}  // namespace

json::object encode(const GetItemInput& input) {
  json::object out{{"TableName", input.table}, {"Key", to_json(input.key)}};
  set_if(out, "ProjectionExpression", input.projection);
  set_names(out, input.names);
  set_consistency(out, input.consistency);
  return out;
}

json::object encode(const PutItemInput& input) {
  json::object out{{"TableName", input.table}, {"Item", to_json(input.item)}};
  set_condition(out, input);
  set_return_values(out, input.return_values);
  return out;
}

json::object encode(const UpdateItemInput& input) {
  json::object out{{"TableName", input.table}, {"Key", to_json(input.key)}};
  if (!input.update.empty()) out["UpdateExpression"] = input.update;
  set_condition(out, input);
  set_return_values(out, input.return_values);
  return out;
}

json::object encode(const DeleteItemInput& input) {
  json::object out{{"TableName", input.table}, {"Key", to_json(input.key)}};
  set_condition(out, input);
  set_return_values(out, input.return_values);
  return out;
}

// {"RequestItems": {"table": {"Keys": [..], "ProjectionExpression": ..}}}
json::object encode(const BatchGetItemInput& input) {
  json::object tables;
  for (auto& [name, keys] : input.tables) tables[name] = keys_of(keys);
  return {{"RequestItems", std::move(tables)}};
}

// {"RequestItems": {"table": [{"PutRequest": {"Item": {..}}}, {"DeleteRequest": {"Key": {..}}}]}}
json::object encode(const BatchWriteItemInput& input) {
  json::object tables;
  for (auto& [name, requests] : input.tables) {
    json::array list;
    for (auto& request : requests) {
      if (auto* put = std::get_if<PutRequest>(&request)) {
        list.push_back({{"PutRequest", {{"Item", to_json(put->item)}}}});
      } else {
        list.push_back({{"DeleteRequest", {{"Key", to_json(std::get<DeleteRequest>(request).key)}}}});
      }
    }
    tables[name] = std::move(list);
  }
  return {{"RequestItems", std::move(tables)}};
}

json::object encode(const QueryInput& input) {
  json::object out{{"TableName", input.table}, {"KeyConditionExpression", input.key_condition}};
  set_page(out, input);
  if (input.direction == Direction::backward) out["ScanIndexForward"] = false;
  return out;
}

json::object encode(const ScanInput& input) {
  json::object out{{"TableName", input.table}};
  set_page(out, input);
  if (input.segment) out["Segment"] = *input.segment;
  if (input.total_segments) out["TotalSegments"] = *input.total_segments;
  return out;
}

json::object encode(const TransactWriteItemsInput& input) {
  json::array items;
  for (auto& item : input.items) items.push_back(std::visit(TransactWriter{}, item));
  json::object out{{"TransactItems", std::move(items)}};
  set_if(out, "ClientRequestToken", input.client_request_token);
  return out;
}

}  // namespace ads::aws::dynamodb
