#include "base/ids.h"
#include "cloud/dynamodb/actions/actions.h"
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/table_schema.h"
#include "cloud/dynamodb/tags.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::size_t kMostTables = 2500;

Shape shape() {
  Member definitions = attribute_definitions_member();
  definitions.is_required = true;
  return {
      definitions,
      {"TableName", Member::control_table_name},
      {"BillingMode", Member::text, false, {}, {}, {"PROVISIONED", "PAY_PER_REQUEST"}},
      throughput_member("ProvisionedThroughput"),
      key_schema(),
      {"LocalSecondaryIndexes", Member::list, false, {}, {}, {}, {index_member("", Index::local)}},
      {"GlobalSecondaryIndexes", Member::list, false, {}, {}, {}, {index_member("", Index::global)}},
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
       {{"MaxReadRequestUnits", Member::integer}, {"MaxWriteRequestUnits", Member::integer}}},
      tags_member()};
}

}  // namespace

Outcome<std::string> create_table(Context& context, const json::object& request) {
  static const Shape kShape = shape();
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  if (auto sound = check_supported(request); !sound) return refuse(sound.error());
  auto table = read_table(request);
  if (!table) return refuse(table.error());
  auto tags = read_tags(request);
  if (!tags) return refuse(tags.error());
  if (context.catalog.find(context.region, table->name))
    return refuse(table_in_use("Table already exists: " + table->name));
  if (context.catalog.count(context.region) >= kMostTables)
    return refuse(limit_exceeded("Subscriber limit exceeded: There is a limit of 2500 tables per subscriber"));

  Batch batch;
  table->number = context.catalog.next_number(batch);
  for (Index& index : table->indexes) index.number = context.catalog.next_number(batch);
  table->region = context.region;
  table->arn =
      "arn:aws:dynamodb:" + std::string(context.region) + ":" + std::string(context.account) + ":table/" + table->name;
  table->id = random_uuid();
  table->created = context.now;
  table->encryption = describe_encryption(request, context.account, context.region);
  table->tags = *std::move(tags);
  context.catalog.save(batch, *table);
  if (auto applied = apply(context, std::move(batch)); !applied) return refuse(applied.error());
  const Table& kept = context.catalog.add(*std::move(table));
  return ReplyText().member("TableDescription", json::value(describe(kept, "CREATING"))).take();
}

}  // namespace ads::cloud::dynamodb
