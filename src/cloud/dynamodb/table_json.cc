// Tables as JSON: the stored definition and the wire's TableDescription.
#include "cloud/dynamodb/table.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::int64_t kDefinitionVersion = 1;
constexpr std::string_view kProjections[] = {"ALL", "KEYS_ONLY", "INCLUDE"};

double seconds(SystemTime time) {
  return double(time.time_since_epoch().count()) / 1000;
}

std::string text(const json::object& object, std::string_view name) {
  return std::string(get_string(object, name).value_or(""));
}
std::uint64_t number(const json::object& object, std::string_view name) {
  return std::uint64_t(get_integer(object, name).value_or(0));
}

json::object throughput(const Throughput& throughput) {
  return {
      {"NumberOfDecreasesToday", 0}, {"ReadCapacityUnits", throughput.read}, {"WriteCapacityUnits", throughput.write}};
}

KeySchema read_keys(const json::object& object) {
  return {text(object, "hash"), text(object, "range")};
}
json::object write_keys(const KeySchema& keys) {
  return {{"hash", keys.hash}, {"range", keys.range}};
}

json::object write_index(const Index& index) {
  json::array attributes;
  for (const std::string& name : index.non_key_attributes) attributes.emplace_back(name);
  return {{"number", index.number},
          {"name", index.name},
          {"local", index.kind == Index::local},
          {"projection", kProjections[index.projection]},
          {"attributes", attributes},
          {"keys", write_keys(index.keys)},
          {"read", index.throughput.read},
          {"write", index.throughput.write},
          {"backfilling", index.status == Index::backfilling}};
}

std::optional<Index> read_index(const json::value& json) {
  const json::object* object = json.if_object();
  if (!object) return std::nullopt;
  Index index;
  index.number = number(*object, "number");
  index.name = text(*object, "name");
  index.kind = get_bool(*object, "local").value_or(false) ? Index::local : Index::global;
  for (int i = 0; i < 3; ++i)
    if (text(*object, "projection") == kProjections[i]) index.projection = Index::Projection(i);
  if (const json::array* attributes = get_array(*object, "attributes"))
    for (const json::value& name : *attributes) index.non_key_attributes.emplace_back(name.as_string());
  if (const json::object* keys = get_object(*object, "keys")) index.keys = read_keys(*keys);
  index.throughput = {number(*object, "read"), number(*object, "write")};
  index.status = get_bool(*object, "backfilling").value_or(false) ? Index::backfilling : Index::active;
  return index;
}

json::object describe_index(const Table& table, const Index& index) {
  json::object projection{{"ProjectionType", kProjections[index.projection]}};
  if (index.projection == Index::include) {
    json::array attributes;
    for (const std::string& name : index.non_key_attributes) attributes.emplace_back(name);
    projection["NonKeyAttributes"] = std::move(attributes);
  }
  json::object out{{"IndexName", index.name},
                   {"KeySchema", to_json(index.keys)},
                   {"Projection", std::move(projection)},
                   {"IndexSizeBytes", index.totals.bytes},
                   {"ItemCount", index.totals.items},
                   {"IndexArn", table.arn + "/index/" + index.name}};
  if (index.kind == Index::global) {
    const bool creating = index.status == Index::backfilling;
    out["IndexStatus"] = creating ? "CREATING" : "ACTIVE";
    if (creating) out["Backfilling"] = true;
    out["ProvisionedThroughput"] = throughput(index.throughput);
  }
  return out;
}

}  // namespace

json::array to_json(const KeySchema& keys) {
  json::array out{json::object{{"AttributeName", keys.hash}, {"KeyType", "HASH"}}};
  if (keys.has_range()) out.emplace_back(json::object{{"AttributeName", keys.range}, {"KeyType", "RANGE"}});
  return out;
}

json::object to_stored(const Table& table) {
  json::array definitions, indexes;
  for (const auto& [name, type] : table.definitions)
    definitions.emplace_back(json::object{{"name", name}, {"type", to_string(type)}});
  for (const Index& index : table.indexes) indexes.emplace_back(write_index(index));
  json::object tags;
  for (const auto& [key, value] : table.tags) tags[key] = value;
  json::object out{{"version", kDefinitionVersion},
                   {"number", table.number},
                   {"name", table.name},
                   {"arn", table.arn},
                   {"id", table.id},
                   {"created", table.created.time_since_epoch().count()},
                   {"definitions", std::move(definitions)},
                   {"keys", write_keys(table.keys)},
                   {"onDemand", table.billing == Table::pay_per_request},
                   {"read", table.throughput.read},
                   {"write", table.throughput.write},
                   {"indexes", std::move(indexes)},
                   {"class", table.table_class},
                   {"onDemandThroughput", table.on_demand},
                   {"encryption", table.encryption},
                   {"protected", table.deletion_protected},
                   {"tags", std::move(tags)},
                   {"ttl", table.ttl_attribute},
                   {"ttlBackfilling", table.ttl_backfilling},
                   {"recoveryDays", table.recovery_days}};
  if (table.recoverable_since) out["recoverableSince"] = table.recoverable_since->time_since_epoch().count();
  return out;
}

std::optional<Table> from_stored(std::string_view region, const json::object& stored) {
  if (get_integer(stored, "version") != kDefinitionVersion) return std::nullopt;
  Table table;
  table.region = region;
  table.number = number(stored, "number");
  table.name = text(stored, "name");
  table.arn = text(stored, "arn");
  table.id = text(stored, "id");
  table.created = SystemTime(std::chrono::milliseconds(get_integer(stored, "created").value_or(0)));
  if (const json::array* definitions = get_array(stored, "definitions"))
    for (const json::value& definition : *definitions)
      table.definitions.emplace_back(text(definition.as_object(), "name"),
                                     parse_type(text(definition.as_object(), "type")).value_or(Type::string));
  if (const json::object* keys = get_object(stored, "keys")) table.keys = read_keys(*keys);
  table.billing = get_bool(stored, "onDemand").value_or(false) ? Table::pay_per_request : Table::provisioned;
  table.throughput = {number(stored, "read"), number(stored, "write")};
  if (const json::array* indexes = get_array(stored, "indexes"))
    for (const json::value& json : *indexes)
      if (auto index = read_index(json)) table.indexes.push_back(*std::move(index));
  table.table_class = text(stored, "class");
  if (const json::object* limits = get_object(stored, "onDemandThroughput")) table.on_demand = *limits;
  if (const json::object* encryption = get_object(stored, "encryption")) table.encryption = *encryption;
  table.deletion_protected = get_bool(stored, "protected").value_or(false);
  if (const json::object* tags = get_object(stored, "tags"))
    for (const auto& [key, value] : *tags) table.tags[std::string(key)] = std::string(value.as_string());
  table.ttl_attribute = text(stored, "ttl");
  table.ttl_backfilling = get_bool(stored, "ttlBackfilling").value_or(false);
  if (auto since = get_integer(stored, "recoverableSince"))
    table.recoverable_since = SystemTime(std::chrono::milliseconds(*since));
  table.recovery_days = int(get_integer(stored, "recoveryDays").value_or(35));
  return table;
}

json::object describe(const Table& table, std::string_view status) {
  json::array definitions, global, local;
  for (const auto& [name, type] : table.definitions)
    definitions.emplace_back(json::object{{"AttributeName", name}, {"AttributeType", to_string(type)}});
  for (const Index& index : table.indexes)
    (index.kind == Index::global ? global : local).emplace_back(describe_index(table, index));
  json::object out{{"AttributeDefinitions", std::move(definitions)},
                   {"TableName", table.name},
                   {"KeySchema", to_json(table.keys)},
                   {"TableStatus", status},
                   {"CreationDateTime", seconds(table.created)},
                   {"ProvisionedThroughput", throughput(table.throughput)},
                   {"TableSizeBytes", table.totals.bytes},
                   {"ItemCount", table.totals.items},
                   {"TableArn", table.arn},
                   {"TableId", table.id},
                   {"DeletionProtectionEnabled", table.deletion_protected}};
  if (table.billing == Table::pay_per_request)
    out["BillingModeSummary"] =
        json::object{{"BillingMode", "PAY_PER_REQUEST"}, {"LastUpdateToPayPerRequestDateTime", seconds(table.created)}};
  if (!global.empty()) out["GlobalSecondaryIndexes"] = std::move(global);
  if (!local.empty()) out["LocalSecondaryIndexes"] = std::move(local);
  if (!table.encryption.empty()) out["SSEDescription"] = table.encryption;
  if (!table.table_class.empty()) out["TableClassSummary"] = json::object{{"TableClass", table.table_class}};
  if (!table.on_demand.empty()) out["OnDemandThroughput"] = table.on_demand;
  return out;
}

}  // namespace ads::cloud::dynamodb
