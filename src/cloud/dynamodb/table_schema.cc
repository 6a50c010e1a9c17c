#include "cloud/dynamodb/table_schema.h"

#include <set>

#include "cloud/dynamodb/errors.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::size_t kMostLocalIndexes = 5, kMostGlobalIndexes = 20, kMostProjectedAttributes = 100;
constexpr std::uint64_t kMostUnits = 1'000'000'000'000;

std::string joined(const std::vector<std::string>& names) {
  std::string out = "[";
  for (const std::string& name : names) out += (out.size() > 1 ? ", " : "") + name;
  return out + "]";
}

std::vector<std::string> names_of(const Definitions& definitions) {
  std::vector<std::string> names;
  for (const auto& [name, type] : definitions) names.push_back(name);
  return names;
}

std::string text(const json::object& object, std::string_view name) {
  return std::string(get_string(object, name).value_or(""));
}

Outcome<void> check_projection(const json::object& projection, Index& index) {
  auto type = get_string(projection, "ProjectionType");
  if (!type) return refuse(invalid_parameter("Unknown ProjectionType: null"));
  index.projection = *type == "ALL" ? Index::all : *type == "KEYS_ONLY" ? Index::keys_only : Index::include;
  const json::array* attributes = get_array(projection, "NonKeyAttributes");
  if (attributes && index.projection != Index::include)
    return refuse(invalid_parameter("ProjectionType is " + std::string(*type) + ", but NonKeyAttributes is specified"));
  if (!attributes && index.projection == Index::include)
    return refuse(invalid_parameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified"));
  if (attributes)
    for (const json::value& name : *attributes) index.non_key_attributes.emplace_back(name.get_string());
  std::set<std::string> distinct(index.non_key_attributes.begin(), index.non_key_attributes.end());
  if (distinct.size() != index.non_key_attributes.size())
    return refuse(invalid_parameter("NonKeyAttributes contains duplicates for index: " + index.name));
  return {};
}

Outcome<void> check_local(const Table& table, const Index& index) {
  if (!index.keys.has_range())
    return refuse(invalid_parameter("Index KeySchema does not have a range key for index: " + index.name));
  if (index.keys.hash != table.keys.hash)
    return refuse(invalid_parameter(
        "Index KeySchema does not have the same leading hash key as table KeySchema for index: " + index.name +
        ". index hash key: " + index.keys.hash + ", table hash key: " + table.keys.hash));
  return {};
}

Outcome<void> read_indexes(const json::object& request, Index::Kind kind, Table& table) {
  const bool is_local = kind == Index::local;
  const std::string_view member = is_local ? "LocalSecondaryIndexes" : "GlobalSecondaryIndexes";
  const json::array* indexes = get_array(request, member);
  if (!indexes) return {};
  if (indexes->empty()) return refuse(invalid_parameter("List of " + std::string(member) + " is empty"));
  if (is_local && !table.keys.has_range())
    return refuse(invalid_parameter(
        "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"));
  for (const json::value& json : *indexes) {
    auto index = read_index(json.as_object(), kind, table.definitions, table.billing);
    if (!index) return refuse(index.error());
    if (is_local)
      if (auto sound = check_local(table, *index); !sound) return sound;
    if (table.index(index->name)) return refuse(invalid_parameter("Duplicate index name: " + index->name));
    table.indexes.push_back(*std::move(index));
  }
  if (is_local && indexes->size() > kMostLocalIndexes)
    return refuse(invalid_parameter("Number of LocalSecondaryIndexes exceeds per-table limit of 5"));
  if (!is_local && indexes->size() > kMostGlobalIndexes)
    return refuse(invalid_parameter("GlobalSecondaryIndex count exceeds the per-table limit of 20"));
  return {};
}

}  // namespace

Member attribute_definitions_member() {
  return {"AttributeDefinitions",
          Member::list,
          false,
          {},
          {},
          {},
          {{"",
            Member::structure,
            true,
            {},
            {},
            {},
            {{"AttributeName", Member::text, true, 1, 255},
             {"AttributeType", Member::text, true, {}, {}, {"B", "N", "S"}}}}}};
}

Member throughput_member(std::string_view name) {
  return {name,
          Member::structure,
          false,
          {},
          {},
          {},
          {{"WriteCapacityUnits", Member::integer, true, 1}, {"ReadCapacityUnits", Member::integer, true, 1}}};
}

Member index_member(std::string_view name, Index::Kind kind) {
  Member projection{"Projection",
                    Member::structure,
                    true,
                    {},
                    {},
                    {},
                    {{"ProjectionType", Member::text, false, {}, {}, {"ALL", "INCLUDE", "KEYS_ONLY"}},
                     {"NonKeyAttributes", Member::list, false, 1, {}, {}, {{"", Member::text, true, 1, 255}}}}};
  Member index{
      name, Member::structure, name.empty(), {}, {}, {}, {{"IndexName", Member::name, true}, key_schema(), projection}};
  if (kind == Index::global) index.members.push_back(throughput_member("ProvisionedThroughput"));
  return index;
}

Definitions read_definitions(const json::object& request) {
  Definitions out;
  if (const json::array* definitions = get_array(request, "AttributeDefinitions"))
    for (const json::value& definition : *definitions)
      out.emplace_back(text(definition.as_object(), "AttributeName"),
                       *parse_type(text(definition.as_object(), "AttributeType")));
  return out;
}

Throughput read_throughput(const json::object& owner) {
  const json::object* units = get_object(owner, "ProvisionedThroughput");
  if (!units) return {};
  return {std::uint64_t(get_integer(*units, "ReadCapacityUnits").value_or(0)),
          std::uint64_t(get_integer(*units, "WriteCapacityUnits").value_or(0))};
}

Outcome<KeySchema> read_key_schema(const json::array& keys, const Definitions& definitions) {
  std::vector<std::string> names, types;
  for (const json::value& key : keys) {
    names.push_back(text(key.as_object(), "AttributeName"));
    types.push_back(text(key.as_object(), "KeyType"));
  }
  if (names.size() > definitions.size())
    return refuse(validation("Invalid KeySchema: Some index key attribute have no definition"));
  const std::vector<std::string> defined = names_of(definitions);
  for (const std::string& name : names)
    if (std::find(defined.begin(), defined.end(), name) == defined.end())
      return refuse(invalid_parameter("Some index key attributes are not defined in AttributeDefinitions. Keys: " +
                                      joined(names) + ", AttributeDefinitions: " + joined(defined)));
  if (names.size() == 2 && names[0] == names[1])
    return refuse(validation("Both the Hash Key and the Range Key element in the KeySchema have the same name"));
  if (types[0] != "HASH")
    return refuse(validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type"));
  if (types.size() == 2 && types[1] != "RANGE")
    return refuse(validation("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"));
  return KeySchema{names[0], names.size() == 2 ? names[1] : ""};
}

Outcome<Index> read_index(const json::object& request, Index::Kind kind, const Definitions& definitions,
                          Table::Billing billing) {
  Index index;
  index.kind = kind;
  index.name = text(request, "IndexName");
  auto keys = read_key_schema(request.at("KeySchema").as_array(), definitions);
  if (!keys) return refuse(keys.error());
  index.keys = *std::move(keys);
  if (auto sound = check_projection(request.at("Projection").as_object(), index); !sound) return refuse(sound.error());
  index.throughput = read_throughput(request);
  if (kind == Index::local) return index;
  const bool has_throughput = index.throughput != Throughput{};
  if (billing == Table::pay_per_request && has_throughput)
    return refuse(invalid_parameter("ProvisionedThroughput should not be specified for index: " + index.name +
                                    " when BillingMode is PAY_PER_REQUEST"));
  if (billing == Table::provisioned && !has_throughput)
    return refuse(invalid_parameter("ProvisionedThroughput must be specified for index: " + index.name));
  return index;
}

Outcome<void> check_throughput(const json::object& request, Table::Billing billing) {
  const bool is_given = get_object(request, "ProvisionedThroughput") != nullptr;
  if (billing == Table::pay_per_request && is_given)
    return refuse(invalid_parameter(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"));
  const Throughput throughput = read_throughput(request);
  for (const auto& [name, units] :
       {std::pair("ReadCapacityUnits", throughput.read), std::pair("WriteCapacityUnits", throughput.write)})
    if (units > kMostUnits)
      return refuse(validation("Given value " + std::to_string(units) + " for " + name + " is out of bounds"));
  return {};
}

Outcome<Table> read_table(const json::object& request) {
  Table table;
  table.billing = get_string(request, "BillingMode") == "PAY_PER_REQUEST" ? Table::pay_per_request : Table::provisioned;
  if (auto sound = check_throughput(request, table.billing); !sound) return refuse(sound.error());
  table.throughput = read_throughput(request);
  if (table.billing == Table::provisioned && table.throughput == Throughput{})
    return refuse(invalid_parameter(
        "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"));
  table.name = text(request, "TableName");
  table.definitions = read_definitions(request);
  auto keys = read_key_schema(request.at("KeySchema").as_array(), table.definitions);
  if (!keys) return refuse(keys.error());
  table.keys = *std::move(keys);
  for (Index::Kind kind : {Index::local, Index::global})
    if (auto read = read_indexes(request, kind, table); !read) return refuse(read.error());
  if (auto used = check_definitions_used(table); !used) return refuse(used.error());
  std::size_t projected = 0;
  for (const Index& index : table.indexes) projected += index.non_key_attributes.size();
  if (projected > kMostProjectedAttributes)
    return refuse(
        invalid_parameter("Number of NonKeyAttributes across all indexes exceeds the per-table limit of 100"));
  table.deletion_protected = get_bool(request, "DeletionProtectionEnabled").value_or(false);
  table.table_class = text(request, "TableClass");
  if (const json::object* limits = get_object(request, "OnDemandThroughput")) table.on_demand = *limits;
  return table;
}

Outcome<void> check_definitions_used(const Table& table) {
  std::vector<std::string> used;
  auto use = [&used](const std::string& name) {
    if (!name.empty() && std::find(used.begin(), used.end(), name) == used.end()) used.push_back(name);
  };
  use(table.keys.hash);
  use(table.keys.range);
  for (const Index& index : table.indexes) {
    use(index.keys.hash);
    use(index.keys.range);
  }
  if (used.size() == table.definitions.size()) return {};
  if (table.indexes.empty())
    return refuse(
        invalid_parameter("Number of attributes in KeySchema does not exactly match number of attributes defined in "
                          "AttributeDefinitions"));
  return refuse(invalid_parameter("Some AttributeDefinitions are not used. AttributeDefinitions: " +
                                  joined(names_of(table.definitions)) + ", keys used: " + joined(used)));
}

json::object describe_encryption(const json::object& request, std::string_view account, std::string_view region) {
  const json::object* wanted = get_object(request, "SSESpecification");
  if (!wanted || !get_bool(*wanted, "Enabled").value_or(false)) return {};
  const std::string key = text(*wanted, "KMSMasterKeyId");
  const std::string arn = "arn:aws:kms:" + std::string(region) + ":" + std::string(account) + ":";
  return {{"Status", "ENABLED"},
          {"SSEType", "KMS"},
          {"KMSMasterKeyArn", key.starts_with("arn:")     ? key
                              : key.empty()               ? arn + "alias/aws/dynamodb"
                              : key.starts_with("alias/") ? arn + key
                                                          : arn + "key/" + key}};
}

Outcome<void> check_supported(const json::object& request) {
  if (const json::object* stream = get_object(request, "StreamSpecification");
      stream && get_bool(*stream, "StreamEnabled").value_or(false))
    return refuse(unsupported("StreamSpecification"));
  for (std::string_view name :
       {"ResourcePolicy", "GlobalTableSourceArn", "GlobalTableSettingsReplicationMode", "WarmThroughput",
        "ReplicaUpdates", "MultiRegionConsistency", "GlobalTableWitnessUpdates"})
    if (const json::value* value = request.if_contains(name); value && !value->is_null())
      return refuse(unsupported(name));
  return {};
}

}  // namespace ads::cloud::dynamodb
