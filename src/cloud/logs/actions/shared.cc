#include "cloud/logs/actions.h"
#include "cloud/logs/errors.h"

namespace ads::cloud::logs {

std::size_t limit_of(const json::object& input, std::size_t fallback) {
  return static_cast<std::size_t>(whole(input, "limit", static_cast<std::int64_t>(fallback)));
}

Outcome<Group> named_group(const Context& context, const json::object& input) {
  auto name = text(input, "logGroupName");
  if (auto identifier = text(input, "logGroupIdentifier"); !identifier.empty()) {
    if (!name.empty())
      return refuse(invalid_parameter("LogGroup name and LogGroup identifier can not be specified together."));
    name = std::move(identifier);
    if (const auto at = name.find(":log-group:"); at != std::string::npos) name = name.substr(at + 11);
    if (name.ends_with(":*")) name.resize(name.size() - 2);
  }
  if (name.empty()) return refuse(invalid_parameter("LogGroup name or LogGroup identifier must be specified."));
  auto group = context.state.find_group(context.region(), name);
  if (!group) return refuse(group_not_found());
  return *std::move(group);
}

std::string group_arn(const Context& context, const Group& group) {
  return fmt::format("arn:aws:logs:{}:{}:log-group:{}", context.region(), context.environment.account, group.name);
}

Reply apply(Context& context, Batch batch) {
  if (auto applied = context.state.store().apply(std::move(batch)); !applied)
    return refuse(internal_failure(applied.error()));
  return json::object{};
}

Reply put_group(Context& context, const Group& group) {
  Batch batch;
  context.state.put_group(batch, context.region(), group);
  return apply(context, std::move(batch));
}

}  // namespace ads::cloud::logs
