#include "cloud/logs/actions/actions.h"
#include "cloud/logs/errors.h"

namespace ads::cloud::logs {

Outcome<std::string> checked_name(const json::object& input, std::string_view member) {
  auto given = get_string(input, member);
  if (!given)
    return refuse(invalid_parameter(fmt::format(
        "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null",
        member)));
  if (given->empty())
    return refuse(invalid_member(member, *given, "Member must have length greater than or equal to 1"));
  if (given->size() > 512)
    return refuse(invalid_member(member, *given, "Member must have length less than or equal to 512"));
  bool is_stream = member.starts_with("logStream");
  for (unsigned char c : *given) {
    bool is_fine = is_stream ? c != ':' && c != '*'
                             : std::isalnum(c) || std::string_view(".-_/#").find(c) != std::string_view::npos;
    if (!is_fine)
      return refuse(invalid_member(member, *given,
                                   is_stream
                                       ? "Member must satisfy regular expression pattern: [^:*]*"
                                       : "Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+"));
  }
  return std::string(*given);
}

Outcome<Group> named_group(Scope& scope, const json::object& input) {
  std::string name;
  if (auto identifier = get_string(input, "logGroupIdentifier")) {
    if (get_string(input, "logGroupName"))
      return refuse(invalid_parameter("LogGroup name and LogGroup identifier can not be specified together."));
    name = *identifier;
    if (auto at = name.find(":log-group:"); at != std::string::npos) name = name.substr(at + 11);
    if (name.ends_with(":*")) name.resize(name.size() - 2);
  } else {
    auto given = checked_name(input, "logGroupName");
    if (!given) return refuse(given.error());
    name = *given;
  }
  auto group = scope.state.find_group(scope.region, name);
  if (!group) return refuse(group_not_found());
  return std::move(*group);
}

Outcome<std::size_t> checked_limit(const json::object& input, std::size_t fallback, std::size_t most) {
  auto given = get_integer(input, "limit");
  if (!given) return fallback;
  if (*given < 1)
    return refuse(invalid_member("limit", std::to_string(*given), "Member must have value greater than or equal to 1"));
  if (*given > std::int64_t(most))
    return refuse(invalid_member("limit", std::to_string(*given),
                                 fmt::format("Member must have value less than or equal to {}", most)));
  return std::size_t(*given);
}

std::string group_arn(const Scope& scope, const Group& group) {
  return fmt::format("arn:aws:logs:{}:{}:log-group:{}", scope.region, scope.environment.account, group.name);
}

Outcome<std::map<std::string, std::string>> checked_tags(const json::object* tags) {
  std::map<std::string, std::string> out;
  if (!tags) return out;
  if (tags->size() > 50)
    return refuse(invalid_member("tags", "...", "Member must have length less than or equal to 50"));
  for (auto& [key, value] : *tags) {
    if (!value.is_string() || key.empty() || key.size() > 128 || value.as_string().size() > 256)
      return refuse(invalid_parameter("Tag '" + std::string(key) +
                                      "': a key has 1-128 characters, a value is a string of up to 256"));
    out[key] = value.as_string();
  }
  return out;
}

Outcome<int> checked_retention(std::optional<std::int64_t> days) {
  static constexpr int kPeriods[] = {1,   3,   5,   7,   14,   30,   60,   90,   120,  150,  180,
                                     365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653};
  if (days)
    for (int period : kPeriods)
      if (period == *days) return period;
  return refuse(
      invalid_member("retentionInDays", days ? std::to_string(*days) : "null",
                     "Member must satisfy enum value set: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, "
                     "731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]"));
}

}  // namespace ads::cloud::logs
