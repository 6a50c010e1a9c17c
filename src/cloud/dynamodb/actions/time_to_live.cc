// UpdateTimeToLive, DescribeTimeToLive.
#include "cloud/dynamodb/actions/actions.h"
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/keys.h"
#include "cloud/dynamodb/shape.h"

namespace ads::cloud::dynamodb {

Outcome<std::string> describe_time_to_live(Context& context, const json::object& request) {
  static const Shape kShape = {table_name()};
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  auto table = find_named_table(context, *get_string(request, "TableName"));
  if (!table) return refuse(table.error());
  json::object description{{"TimeToLiveStatus", (*table)->ttl_attribute.empty() ? "DISABLED" : "ENABLED"}};
  if (!(*table)->ttl_attribute.empty()) description["AttributeName"] = (*table)->ttl_attribute;
  return ReplyText().member("TimeToLiveDescription", json::value(std::move(description))).take();
}

Outcome<std::string> update_time_to_live(Context& context, const json::object& request) {
  static const Shape kShape = {table_name(),
                               {"TimeToLiveSpecification",
                                Member::structure,
                                true,
                                {},
                                {},
                                {},
                                {{"AttributeName", Member::text, true, 1, 255}, {"Enabled", Member::boolean, true}}}};
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  const json::object& wanted = request.at("TimeToLiveSpecification").as_object();
  const std::string attribute(*get_string(wanted, "AttributeName"));
  const bool enables = *get_bool(wanted, "Enabled");
  auto found = find_named_table(context, *get_string(request, "TableName"));
  if (!found) return refuse(found.error());
  Table& table = **found;
  if (enables && !table.ttl_attribute.empty()) {
    if (table.ttl_attribute == attribute) return refuse(validation("TimeToLive is already enabled"));
    return refuse(validation("TimeToLive is active on a different AttributeName: current AttributeName is " +
                             table.ttl_attribute));
  }
  if (!enables && table.ttl_attribute.empty()) return refuse(validation("TimeToLive is already disabled"));
  if (!enables && table.ttl_attribute != attribute)
    return refuse(validation("TimeToLive is active on a different AttributeName: current AttributeName is " +
                             table.ttl_attribute));

  Table changed = table;
  changed.ttl_attribute = enables ? attribute : "";
  changed.ttl_backfilling = enables;
  Batch batch;
  const std::string expiries = table_space(table.region, KeySpace::expiry, table.number);
  if (!enables) batch.remove_range(expiries, after_prefix(expiries));
  context.catalog.save(batch, changed);
  if (auto applied = apply(context, std::move(batch)); !applied) return refuse(applied.error());
  table = std::move(changed);
  if (context.work_due) context.work_due();
  return ReplyText().member("TimeToLiveSpecification", json::value(wanted)).take();
}

}  // namespace ads::cloud::dynamodb
