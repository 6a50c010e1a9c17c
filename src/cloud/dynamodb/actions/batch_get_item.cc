#include <unordered_set>

#include "cloud/dynamodb/actions/actions.h"
#include "cloud/dynamodb/capacity.h"
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/item_checks.h"
#include "cloud/dynamodb/item_read.h"
#include "cloud/dynamodb/shape.h"
#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::size_t kMostKeys = 100;
constexpr std::size_t kLargestReply = 16u << 20;

struct TableRead {
  std::string name;
  const json::object* request = nullptr;
  std::vector<Attributes> keys;
  std::optional<Projection> projection;
  Table* table = nullptr;
  std::vector<std::string> stored_keys;
};

Outcome<TableRead> read_table(std::string_view name, const json::object& request) {
  TableRead read{std::string(name), &request, {}, {}, nullptr, {}};
  if (auto sound = check_expression_parameters(request, {"ProjectionExpression"}, {"AttributesToGet"}); !sound)
    return refuse(sound.error());
  auto scope = Scope::read(request);
  if (!scope) return refuse(scope.error());
  auto projection = read_projection(request, *scope);
  if (!projection) return refuse(projection.error());
  if (auto used = scope->check_all_used(); !used) return refuse(used.error());
  read.projection = *std::move(projection);
  for (const json::value& json : request.at("Keys").as_array()) {
    auto key = read_attributes(json);
    if (!key) return refuse(key.error());
    read.keys.push_back(*std::move(key));
  }
  return read;
}

Outcome<void> bind(Context& context, TableRead& read) {
  auto table = find_table(context, read.name);
  if (!table) return refuse(table.error());
  read.table = *table;
  std::unordered_set<std::string_view> seen;
  read.stored_keys.reserve(read.keys.size());
  for (const Attributes& key : read.keys) {
    if (auto sound = check_key(**table, key); !sound) return sound;
    read.stored_keys.push_back(item_key(**table, key));
    if (!seen.insert(read.stored_keys.back()).second)
      return refuse(validation("Provided list of item keys contains duplicates"));
  }
  return check_projection(**table, read.projection);
}

Shape shape() {
  return {return_consumed_capacity(),
          {"RequestItems",
           Member::map,
           true,
           1,
           100,
           {},
           {{"",
             Member::structure,
             true,
             {},
             {},
             {},
             {{"Keys", Member::list, true, 1, std::int64_t(kMostKeys), {}, {{"", Member::values, true}}},
              {"AttributesToGet", Member::list, false, 1, 255},
              {"ConsistentRead", Member::boolean},
              {"ProjectionExpression", Member::text},
              expression_names()}}}}};
}

}  // namespace

Outcome<std::string> batch_get_item(Context& context, const json::object& request) {
  static const Shape kShape = shape();
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  std::vector<TableRead> reads;
  std::size_t keys = 0;
  for (const auto& [name, table_request] : request.at("RequestItems").as_object()) {
    auto read = read_table(name, table_request.as_object());
    if (!read) return refuse(read.error());
    keys += read->keys.size();
    if (keys > kMostKeys) return refuse(validation("Too many items requested for the BatchGetItem call"));
    reads.push_back(*std::move(read));
  }
  for (TableRead& read : reads)
    if (auto bound = bind(context, read); !bound) return refuse(bound.error());

  std::string responses = "{";
  json::object unprocessed;
  json::array capacity;
  const CapacityReport report = capacity_report(request);
  for (const TableRead& read : reads) {
    if (responses.size() > 1) responses += ',';
    write_string(responses, read.name);
    responses += ":[";
    const std::size_t start = responses.size();
    Consumed consumed;
    for (std::size_t i = 0; i < read.keys.size(); ++i) {
      if (responses.size() >= kLargestReply) {
        json::object& rest = unprocessed.contains(read.name) ? unprocessed[read.name].as_object()
                                                             : (unprocessed[read.name] = *read.request).as_object();
        if (i == 0 || !rest.contains("_started")) rest["Keys"] = json::array(), rest["_started"] = true;
        rest["Keys"].as_array().push_back(read.request->at("Keys").as_array()[i]);
        continue;
      }
      auto stored = context.store.get(read.stored_keys[i]);
      const StoredItem item(stored ? *std::move(stored) : std::string());
      const bool is_there = stored.has_value();
      consumed.table += read_units(is_there ? item.size() : 0, consistency(*read.request));
      if (!is_there) continue;
      if (responses.size() > start) responses += ',';
      append_item(responses, item, read.projection);
    }
    responses += ']';
    if (report != CapacityReport::none) capacity.emplace_back(to_json(consumed, *read.table, report));
  }
  responses += '}';
  for (auto& [name, rest] : unprocessed) rest.as_object().erase("_started");

  ReplyText reply;
  reply.member("Responses", std::string_view(responses)).member("UnprocessedKeys", json::value(std::move(unprocessed)));
  if (report != CapacityReport::none) reply.member("ConsumedCapacity", json::value(std::move(capacity)));
  return reply.take();
}

}  // namespace ads::cloud::dynamodb
