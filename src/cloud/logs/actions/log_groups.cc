// CreateLogGroup, DeleteLogGroup, DescribeLogGroups, PutRetentionPolicy, DeleteRetentionPolicy.
#include "cloud/logs/actions/actions.h"
#include "cloud/logs/errors.h"
#include "cloud/logs/keys.h"

namespace ads::cloud::logs {

Reply create_log_group(Scope& scope, const json::object& input) {
  auto name = checked_name(input, "logGroupName");
  if (!name) return refuse(name.error());
  auto tags = checked_tags(get_object(input, "tags"));
  if (!tags) return refuse(tags.error());
  if (get_bool(input, "deletionProtectionEnabled").value_or(false))
    return refuse(not_implemented("CreateLogGroup with deletionProtectionEnabled"));
  if (scope.state.find_group(scope.region, *name)) return refuse(group_exists());
  auto group = scope.state.new_group(*name);
  group.tags = std::move(*tags);
  group.kms_key_id = get_string(input, "kmsKeyId").value_or("");
  group.log_class = get_string(input, "logGroupClass").value_or("STANDARD");
  if (group.log_class != "STANDARD" && group.log_class != "INFREQUENT_ACCESS" && group.log_class != "DELIVERY")
    return refuse(invalid_member("logGroupClass", group.log_class,
                                 "Member must satisfy enum value set: [STANDARD, INFREQUENT_ACCESS, DELIVERY]"));
  Batch batch;
  scope.state.put_group(batch, scope.region, group);
  if (auto applied = scope.state.store().apply(std::move(batch)); !applied) return disk_failed(applied.error());
  return json::object{};
}

Reply delete_log_group(Scope& scope, const json::object& input) {
  auto group = named_group(scope, input);
  if (!group) return refuse(group.error());
  Batch batch;
  scope.state.remove_group(batch, scope.region, *group);
  if (auto applied = scope.state.store().apply(std::move(batch)); !applied) return disk_failed(applied.error());
  return json::object{};
}

Reply describe_log_groups(Scope& scope, const json::object& input) {
  auto limit = checked_limit(input, 50, 50);
  if (!limit) return refuse(limit.error());
  auto prefix = get_string(input, "logGroupNamePrefix").value_or("");
  auto part = get_string(input, "logGroupNamePattern").value_or("");
  if (!prefix.empty() && !part.empty())
    return refuse(
        invalid_parameter("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."));
  std::string start = group_prefix(scope.region), end = after_prefix(start);
  std::string from = start;
  if (!prefix.empty()) from += prefix;
  if (auto token = get_string(input, "nextToken")) {
    from = group_key(scope.region, *token);
    from += '\0';
  }
  auto lower = [](std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
  };
  json::array groups;
  std::string last;
  bool is_more = false;
  for (auto cursor = scope.state.store().scan(from, end); cursor.valid(); cursor.next()) {
    auto group = State::read_group(cursor.value());
    if (!group) continue;
    if (!prefix.empty() && !group->name.starts_with(prefix)) break;
    if (!part.empty() && lower(group->name).find(lower(part)) == std::string::npos) continue;
    if (groups.size() == *limit) {
      is_more = true;
      break;
    }
    std::string arn = group_arn(scope, *group);
    json::object entry{{"logGroupName", group->name},
                       {"creationTime", group->created},
                       {"metricFilterCount", 0},
                       {"arn", arn + ":*"},
                       {"logGroupArn", arn},
                       {"storedBytes", scope.state.stored_bytes(*group)},
                       {"logGroupClass", group->log_class}};
    if (group->retention_days) entry["retentionInDays"] = *group->retention_days;
    if (!group->kms_key_id.empty()) entry["kmsKeyId"] = group->kms_key_id;
    groups.push_back(std::move(entry));
    last = group->name;
  }
  json::object reply{{"logGroups", std::move(groups)}};
  if (is_more) reply["nextToken"] = last;
  return reply;
}

namespace {
Reply change_retention(Scope& scope, const json::object& input, std::optional<int> days) {
  auto group = named_group(scope, input);
  if (!group) return refuse(group.error());
  group->retention_days = days;
  Batch batch;
  scope.state.put_group(batch, scope.region, *group);
  if (auto applied = scope.state.store().apply(std::move(batch)); !applied) return disk_failed(applied.error());
  return json::object{};
}
}  // namespace

Reply put_retention_policy(Scope& scope, const json::object& input) {
  auto days = checked_retention(get_integer(input, "retentionInDays"));
  if (!days) return refuse(days.error());
  return change_retention(scope, input, *days);
}

Reply delete_retention_policy(Scope& scope, const json::object& input) {
  return change_retention(scope, input, {});
}

}  // namespace ads::cloud::logs
