// CreateLogGroup, DeleteLogGroup, DescribeLogGroups, PutRetentionPolicy, DeleteRetentionPolicy.
#include <fmt/ranges.h>

#include "cloud/logs/actions.h"
#include "cloud/logs/errors.h"
#include "cloud/logs/keys.h"

namespace ads::cloud::logs {

Reply create_log_group(Context& context, const json::object& input) {
  const auto name = text(input, "logGroupName");
  if (flag(input, "deletionProtectionEnabled"))
    return refuse(not_implemented("CreateLogGroup with deletionProtectionEnabled"));
  if (context.state.find_group(context.region(), name)) return refuse(group_exists());
  auto group = context.state.new_group(name);
  group.tags = text_map(input, "tags");
  group.kms_key_id = text(input, "kmsKeyId");
  group.log_class = get_string(input, "logGroupClass").value_or("STANDARD");
  return put_group(context, group);
}

Reply delete_log_group(Context& context, const json::object& input) {
  auto group = named_group(context, input);
  if (!group) return refuse(group.error());
  Batch batch;
  context.state.remove_group(batch, context.region(), *group);
  return apply(context, std::move(batch));
}

Reply describe_log_groups(Context& context, const json::object& input) {
  const auto limit = limit_of(input, 50);
  auto prefix = get_string(input, "logGroupNamePrefix").value_or("");
  auto part = get_string(input, "logGroupNamePattern").value_or("");
  if (!prefix.empty() && !part.empty())
    return refuse(
        invalid_parameter("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."));
  std::string start = group_prefix(context.region()), end = after_prefix(start);
  std::string from = start;
  if (!prefix.empty()) from += prefix;
  if (auto token = get_string(input, "nextToken")) {
    from = group_key(context.region(), *token);
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
  for (auto cursor = context.state.store().scan(from, end); cursor.valid(); cursor.next()) {
    auto group = State::read_group(cursor.value());
    if (!group) continue;
    if (!prefix.empty() && !group->name.starts_with(prefix)) break;
    if (!part.empty() && lower(group->name).find(lower(part)) == std::string::npos) continue;
    if (groups.size() == limit) {
      is_more = true;
      break;
    }
    std::string arn = group_arn(context, *group);
    json::object entry{{"logGroupName", group->name},
                       {"creationTime", group->created},
                       {"metricFilterCount", 0},
                       {"arn", arn + ":*"},
                       {"logGroupArn", arn},
                       {"storedBytes", context.state.stored_bytes(*group)},
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

// AWS's model knows any number; the periods are in the documentation of PutRetentionPolicy.
constexpr std::int64_t kPeriods[] = {1,   3,   5,   7,   14,   30,   60,   90,   120,  150,  180,
                                     365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653};

Reply change_retention(Context& context, const json::object& input, std::optional<int> days) {
  auto group = named_group(context, input);
  if (!group) return refuse(group.error());
  group->retention_days = days;
  return put_group(context, *group);
}

}  // namespace

Reply put_retention_policy(Context& context, const json::object& input) {
  const auto days = get_integer(input, "retentionInDays").value_or(0);
  if (std::ranges::find(kPeriods, days) == std::end(kPeriods))
    return refuse(invalid_member("retentionInDays", std::to_string(days),
                                 fmt::format("Member must satisfy enum value set: [{}]", fmt::join(kPeriods, ", "))));
  return change_retention(context, input, static_cast<int>(days));
}

Reply delete_retention_policy(Context& context, const json::object& input) {
  return change_retention(context, input, {});
}

}  // namespace ads::cloud::logs
