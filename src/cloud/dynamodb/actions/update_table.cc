#include "cloud/dynamodb/actions/actions.h"
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/items.h"
#include "cloud/dynamodb/keys.h"
#include "cloud/dynamodb/table_schema.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::size_t kMostGlobalIndexes = 20;

Shape shape() {
  Member update{"Update",
                Member::structure,
                false,
                {},
                {},
                {},
                {{"IndexName", Member::name, true}, throughput_member("ProvisionedThroughput")}};
  Member remove{"Delete", Member::structure, false, {}, {}, {}, {{"IndexName", Member::name, true}}};
  return {
      attribute_definitions_member(),
      {"TableName", Member::control_table_name},
      {"BillingMode", Member::text, false, {}, {}, {"PROVISIONED", "PAY_PER_REQUEST"}},
      throughput_member("ProvisionedThroughput"),
      {"GlobalSecondaryIndexUpdates",
       Member::list,
       false,
       {},
       {},
       {},
       {{"", Member::structure, true, {}, {}, {}, {update, index_member("Create", Index::global), remove}}}},
      {"SSESpecification",
       Member::structure,
       false,
       {},
       {},
       {},
       {{"Enabled", Member::boolean}, {"SSEType", Member::text, false, {}, {}, {"AES256", "KMS"}}, {"KMSMasterKeyId"}}},
      {"StreamSpecification", Member::structure, false, {}, {}, {}, {{"StreamEnabled", Member::boolean, true}}},
      {"TableClass", Member::text, false, {}, {}, {"STANDARD", "STANDARD_INFREQUENT_ACCESS"}},
      {"DeletionProtectionEnabled", Member::boolean},
      {"OnDemandThroughput",
       Member::structure,
       false,
       {},
       {},
       {},
       {{"MaxReadRequestUnits", Member::integer}, {"MaxWriteRequestUnits", Member::integer}}}};
}

// The one update inside of a GlobalSecondaryIndexUpdates element.
struct IndexUpdate {
  enum Kind { update, create, remove } kind;
  const json::object* request;
};

Outcome<std::vector<IndexUpdate>> read_index_updates(const json::object& request) {
  std::vector<IndexUpdate> out;
  const json::array* updates = get_array(request, "GlobalSecondaryIndexUpdates");
  if (!updates) return out;
  std::vector<std::string> names;
  for (const json::value& element : *updates) {
    const json::object& object = element.as_object();
    const json::object *update = get_object(object, "Update"), *create = get_object(object, "Create"),
                       *remove = get_object(object, "Delete");
    if (!update && !create && !remove)
      return refuse(
          invalid_parameter("One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
                            "GlobalSecondaryIndexUpdate.Delete must not be null"));
    if (int(update != nullptr) + int(create != nullptr) + int(remove != nullptr) > 1)
      return refuse(
          invalid_parameter("Only one of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
                            "GlobalSecondaryIndexUpdate.Delete may be set"));
    const IndexUpdate one = update   ? IndexUpdate{IndexUpdate::update, update}
                            : create ? IndexUpdate{IndexUpdate::create, create}
                                     : IndexUpdate{IndexUpdate::remove, remove};
    names.emplace_back(*get_string(*one.request, "IndexName"));
    if (std::count(names.begin(), names.end(), names.back()) > 1)
      return refuse(invalid_parameter(
          "Only one global secondary index update per index is allowed simultaneously. Index: " + names.back()));
    out.push_back(one);
  }
  if (std::count_if(out.begin(), out.end(), [](const IndexUpdate& u) { return u.kind != IndexUpdate::update; }) > 1)
    return refuse(limit_exceeded(
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"));
  return out;
}

// Definitions that no key of the table needs any more.
void drop_unused_definitions(Table& table) {
  std::erase_if(table.definitions, [&table](const auto& definition) {
    return !table.keys.has(definition.first) &&
           std::none_of(table.indexes.begin(), table.indexes.end(),
                        [&](const Index& index) { return index.keys.has(definition.first); });
  });
}

Outcome<void> create_index(Context& context, Batch& batch, Table& table, const json::object& create,
                           const json::object& request) {
  for (const auto& [name, type] : read_definitions(request)) {
    auto known = std::find_if(table.definitions.begin(), table.definitions.end(),
                              [&](const auto& d) { return d.first == name; });
    if (known == table.definitions.end())
      table.definitions.emplace_back(name, type);
    else if (known->second != type)
      return refuse(
          invalid_parameter("Attribute " + name + " is already defined as " + std::string(to_string(known->second))));
  }
  auto index = read_index(create, Index::global, table.definitions, table.billing);
  if (!index) return refuse(index.error());
  if (table.index(index->name)) return refuse(validation("Attempting to create an index which already exists"));
  const auto global =
      std::count_if(table.indexes.begin(), table.indexes.end(), [](const Index& i) { return i.kind == Index::global; });
  if (std::size_t(global) >= kMostGlobalIndexes)
    return refuse(
        limit_exceeded("Subscriber limit exceeded: GlobalSecondaryIndex count exceeds the per-table limit of 20"));
  index->number = context.catalog.next_number(batch);
  index->status = Index::backfilling;
  table.indexes.push_back(*std::move(index));
  return {};
}

Outcome<void> remove_index(Batch& batch, Table& table, std::string_view name) {
  const Index* index = table.index(name);
  if (!index || index->kind != Index::global)
    return refuse(400, "ResourceNotFoundException", "Requested resource not found");
  const std::string space = index_space(table, *index);
  batch.remove_range(space, after_prefix(space));
  std::erase_if(table.indexes, [name](const Index& i) { return i.name == name; });
  drop_unused_definitions(table);
  return {};
}

Outcome<void> update_index(Table& table, const json::object& update) {
  Index* index = table.index(*get_string(update, "IndexName"));
  if (!index || index->kind != Index::global)
    return refuse(400, "ResourceNotFoundException", "Requested resource not found");
  if (table.billing == Table::pay_per_request)
    return refuse(invalid_parameter("ProvisionedThroughput should not be specified for index: " + index->name +
                                    " when BillingMode is PAY_PER_REQUEST"));
  index->throughput = read_throughput(update);
  return {};
}

Outcome<void> change_billing(Table& table, const json::object& request, const std::vector<IndexUpdate>& updates) {
  const Table::Billing before = table.billing;
  if (auto mode = get_string(request, "BillingMode"))
    table.billing = *mode == "PAY_PER_REQUEST" ? Table::pay_per_request : Table::provisioned;
  if (auto sound = check_throughput(request, table.billing); !sound) return sound;
  const Throughput wanted = read_throughput(request);
  if (get_string(request, "BillingMode") == "PROVISIONED" && wanted == Throughput{} && before != Table::provisioned)
    return refuse(invalid_parameter("ProvisionedThroughput must be specified when BillingMode is PROVISIONED"));
  if (table.billing == Table::pay_per_request) {
    table.throughput = {};
    for (Index& index : table.indexes) index.throughput = {};
    return {};
  }
  if (wanted == Throughput{}) return {};
  if (before == Table::provisioned && wanted == table.throughput && updates.empty())
    return refuse(validation(
        "The provisioned throughput for the table will not change. The requested value equals the current value. "
        "Current ReadCapacityUnits provisioned for the table: " +
        std::to_string(table.throughput.read) + ". Requested ReadCapacityUnits: " + std::to_string(wanted.read) +
        ". Current WriteCapacityUnits provisioned for the table: " + std::to_string(table.throughput.write) +
        ". Requested WriteCapacityUnits: " + std::to_string(wanted.write) +
        ". Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."));
  table.throughput = wanted;
  if (before == Table::provisioned) return {};
  for (const Index& index : table.indexes) {
    const bool is_given = std::any_of(updates.begin(), updates.end(), [&](const IndexUpdate& u) {
      return u.kind == IndexUpdate::update && get_string(*u.request, "IndexName") == index.name;
    });
    if (index.kind == Index::global && !is_given)
      return refuse(invalid_parameter("ProvisionedThroughput must be specified for index: " + index.name));
  }
  return {};
}

}  // namespace

Outcome<std::string> update_table(Context& context, const json::object& request) {
  static const Shape kShape = shape();
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  if (auto sound = check_supported(request); !sound) return refuse(sound.error());
  auto updates = read_index_updates(request);
  if (!updates) return refuse(updates.error());
  const bool asks = std::any_of(request.begin(), request.end(), [](const auto& member) {
    return member.key() != "TableName" && member.key() != "AttributeDefinitions" &&
           !(member.key() == "GlobalSecondaryIndexUpdates" && member.value().is_array() &&
             member.value().get_array().empty());
  });
  if (!asks)
    return refuse(validation(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or "
        "SSESpecification or ReplicaUpdates is required"));
  auto found = find_named_table(context, *get_string(request, "TableName"));
  if (!found) return refuse(found.error());
  if (std::any_of((*found)->indexes.begin(), (*found)->indexes.end(),
                  [](const Index& i) { return i.status == Index::backfilling; }) &&
      !updates->empty())
    return refuse(
        table_in_use("Attempt to change a resource which is still in use: Table is being updated: " + (*found)->name));

  Table table = **found;  // changed as a copy, so that a refusal half-way leaves the table as it was
  Batch batch;
  if (auto changed = change_billing(table, request, *updates); !changed) return refuse(changed.error());
  for (const IndexUpdate& update : *updates) {
    auto done = update.kind == IndexUpdate::create ? create_index(context, batch, table, *update.request, request)
                : update.kind == IndexUpdate::remove
                    ? remove_index(batch, table, *get_string(*update.request, "IndexName"))
                    : update_index(table, *update.request);
    if (!done) return refuse(done.error());
  }
  if (auto is_protected = get_bool(request, "DeletionProtectionEnabled")) table.deletion_protected = *is_protected;
  if (auto name = get_string(request, "TableClass")) table.table_class = *name;
  if (const json::object* limits = get_object(request, "OnDemandThroughput")) table.on_demand = *limits;
  if (request.contains("SSESpecification"))
    table.encryption = describe_encryption(request, context.account, context.region);
  context.catalog.save(batch, table);
  batch.put(table_space(table.region, KeySpace::totals, table.number), encode_totals(table));
  if (auto applied = apply(context, std::move(batch)); !applied) return refuse(applied.error());
  **found = std::move(table);
  if (!updates->empty() && context.work_due) context.work_due();
  return ReplyText().member("TableDescription", json::value(describe(**found, "UPDATING"))).take();
}

}  // namespace ads::cloud::dynamodb
