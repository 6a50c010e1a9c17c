// UpdateContinuousBackups, DescribeContinuousBackups: the setting is stored and reported; nothing can be restored here,
// and RestoreTableToPointInTime says so.
#include "cloud/dynamodb/actions/actions.h"
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/shape.h"

namespace ads::cloud::dynamodb {
namespace {

Outcome<Table*> find(Context& context, const json::object& request) {
  const std::string name(*get_string(request, "TableName"));
  auto table = find_table(context, name);
  if (!table) return refuse(400, "TableNotFoundException", "Table not found: " + name);
  return table;
}

double seconds(SystemTime time) {
  return double(time.time_since_epoch().count()) / 1000;
}

std::string describe_backups(const Context& context, const Table& table) {
  json::object recovery{{"PointInTimeRecoveryStatus", table.recoverable_since ? "ENABLED" : "DISABLED"}};
  if (table.recoverable_since) {
    recovery["RecoveryPeriodInDays"] = table.recovery_days;
    recovery["EarliestRestorableDateTime"] =
        seconds(std::max(*table.recoverable_since, context.now - std::chrono::hours(24 * table.recovery_days)));
    recovery["LatestRestorableDateTime"] =
        seconds(std::max(*table.recoverable_since, context.now - std::chrono::minutes(5)));
  }
  json::object description{{"ContinuousBackupsStatus", "ENABLED"},
                           {"PointInTimeRecoveryDescription", std::move(recovery)}};
  return ReplyText().member("ContinuousBackupsDescription", json::value(std::move(description))).take();
}

}  // namespace

Outcome<std::string> describe_continuous_backups(Context& context, const json::object& request) {
  static const Shape kShape = {table_name()};
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  auto table = find(context, request);
  if (!table) return refuse(table.error());
  return describe_backups(context, **table);
}

Outcome<std::string> update_continuous_backups(Context& context, const json::object& request) {
  static const Shape kShape = {table_name(),
                               {"PointInTimeRecoverySpecification",
                                Member::structure,
                                true,
                                {},
                                {},
                                {},
                                {{"PointInTimeRecoveryEnabled", Member::boolean, true},
                                 {"RecoveryPeriodInDays", Member::integer, false, 1, 35}}}};
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  auto table = find(context, request);
  if (!table) return refuse(table.error());
  const json::object& wanted = request.at("PointInTimeRecoverySpecification").as_object();
  Table changed = **table;
  if (!*get_bool(wanted, "PointInTimeRecoveryEnabled"))
    changed.recoverable_since.reset();
  else if (!changed.recoverable_since)
    changed.recoverable_since = context.now;
  changed.recovery_days = int(get_integer(wanted, "RecoveryPeriodInDays").value_or(35));
  Batch batch;
  context.catalog.save(batch, changed);
  if (auto applied = apply(context, std::move(batch)); !applied) return refuse(applied.error());
  **table = std::move(changed);
  return describe_backups(context, **table);
}

}  // namespace ads::cloud::dynamodb
