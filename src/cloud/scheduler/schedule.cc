#include "cloud/scheduler/schedule.h"

#include <charconv>

#include "cloud/operations/input.h"
#include "cloud/scheduler/errors.h"
#include "cloud/scheduler/input_text.h"
#include "cloud/scheduler/keys.h"

namespace ads::cloud::scheduler {
namespace {

using operations::text;

constexpr int kMostTags = 50;

// A whole number, as JSON has it or, from a template, as text. Errors: ValidationException.
Outcome<std::optional<std::int64_t>> whole_number(const json::object& input, std::string_view member,
                                                  std::int64_t least, std::int64_t most) {
  const auto* value = input.if_contains(member);
  if (value == nullptr || value->is_null()) return std::optional<std::int64_t>{};
  std::optional<std::int64_t> number;
  if (value->is_int64()) number = value->as_int64();
  if (const auto* written = value->if_string()) {
    std::int64_t parsed = 0;
    const auto [end, error] = std::from_chars(written->data(), written->data() + written->size(), parsed);
    if (error == std::errc{} && end == written->data() + written->size()) number = parsed;
  }
  if (!number || *number < least || *number > most) {
    return refuse(invalid_member(member, json::serialize(*value),
                                 fmt::format("Member must have value from {} to {}", least, most)));
  }
  return number;
}

Outcome<void> copy_text(const json::object& input, std::string_view member, std::size_t longest, json::object& to) {
  const auto* value = input.if_contains(member);
  if (value == nullptr || value->is_null()) return {};
  if (!value->is_string() || value->as_string().size() > longest)
    return refuse(invalid_member(member, json::serialize(*value),
                                 fmt::format("Member must have length less than or equal to {}", longest)));
  to[member] = *value;
  return {};
}

Outcome<void> copy_choice(const json::object& input, std::string_view member, std::string_view fallback,
                          std::string_view other, json::object& to) {
  const auto given = text(input, member);
  if (!given.empty() && given != fallback && given != other)
    return refuse(
        invalid_member(member, given, fmt::format("Member must satisfy enum value set: [{}, {}]", fallback, other)));
  to[member] = given.empty() ? std::string(fallback) : given;
  return {};
}

// Seconds since 1970, or ISO 8601.
Outcome<void> copy_date(const json::object& input, std::string_view member, json::object& to) {
  const auto* value = input.if_contains(member);
  if (value == nullptr || value->is_null()) return {};
  if (value->is_number()) {
    const double seconds = value->to_number<double>();
    if (!(seconds > -1e11 && seconds < 1e11)) return refuse(validation(fmt::format("{} is not a date.", member)));
    to[member] = static_cast<std::int64_t>(seconds * 1000);
    return {};
  }
  const auto parsed = parse_iso8601(value->is_string() ? std::string_view(value->as_string()) : "");
  if (!parsed) return refuse(validation(fmt::format("{} is not a date: {}", member, json::serialize(*value))));
  to[member] = parsed->time_since_epoch().count();
  return {};
}

Outcome<void> copy_window(const json::object& input, json::object& to) {
  const auto* window = get_object(input, "FlexibleTimeWindow");
  const auto mode = window ? text(*window, "Mode") : "";
  if (mode != "OFF" && mode != "FLEXIBLE")
    return refuse(
        invalid_member("flexibleTimeWindow.mode", mode, "Member must satisfy enum value set: [OFF, FLEXIBLE]"));
  auto minutes = whole_number(*window, "MaximumWindowInMinutes", 1, 1440);
  if (!minutes) return refuse(minutes.error());
  if (minutes->has_value() != (mode == "FLEXIBLE"))
    return refuse(validation("MaximumWindowInMinutes goes with FlexibleTimeWindow's mode FLEXIBLE, and only with it."));
  json::object shown{{"Mode", mode}};
  if (*minutes) shown["MaximumWindowInMinutes"] = **minutes;
  to["FlexibleTimeWindow"] = std::move(shown);
  return {};
}

bool is_arn_of(std::string_view arn, std::string_view service) {
  return arn.starts_with(fmt::format("arn:aws:{}:", service)) && std::ranges::count(arn, ':') >= 5;
}

Outcome<void> copy_retry_policy(const json::object& target, json::object& to) {
  const auto* given = get_object(target, "RetryPolicy");
  auto age = given ? whole_number(*given, "MaximumEventAgeInSeconds", 60, 86'400) : std::optional<std::int64_t>{};
  if (!age) return refuse(age.error());
  auto attempts = given ? whole_number(*given, "MaximumRetryAttempts", 0, 185) : std::optional<std::int64_t>{};
  if (!attempts) return refuse(attempts.error());
  to["RetryPolicy"] = json::object{{"MaximumEventAgeInSeconds", age->value_or(86'400)},
                                   {"MaximumRetryAttempts", attempts->value_or(185)}};
  return {};
}

Outcome<void> copy_target(const json::object& input, json::object& to) {
  const auto* target = get_object(input, "Target");
  if (target == nullptr)
    return refuse(
        validation("1 validation error detected: Value null at 'target' failed to "
                   "satisfy constraint: Member must not be null"));
  const auto arn = text(*target, "Arn"), role = text(*target, "RoleArn");
  if (!arn.starts_with("arn:"))
    return refuse(validation(fmt::format("Provided Arn is not in correct format: '{}'", arn)));
  const bool is_function = is_arn_of(arn, "lambda"), is_queue = is_arn_of(arn, "sqs"), is_topic = is_arn_of(arn, "sns");
  if (!is_function && !is_queue && !is_topic) {
    return refuse(not_implemented(
        fmt::format("schedules with the target {}: Lambda functions, SQS queues and SNS topics can be invoked", arn)));
  }
  for (const auto member :
       {"EcsParameters", "EventBridgeParameters", "KinesisParameters", "SageMakerPipelineParameters"}) {
    if (target->contains(member))
      return refuse(validation(fmt::format("{} do not go with the target {}.", member, arn)));
  }
  if (!role.starts_with("arn:aws:iam::") || role.find(":role/") == role.npos)
    return refuse(invalid_member("target.roleArn", role,
                                 "Member must satisfy regular expression pattern: "
                                 "^arn:aws(-[a-z]+)?:iam::\\d{12}:role\\/[\\w+=,.@\\/-]+$"));
  json::object shown{{"Arn", arn}, {"RoleArn", role}};
  if (const auto payload = text(*target, "Input"); target->contains("Input")) {
    if (payload.empty())
      return refuse(invalid_member("target.input", "", "Member must have length greater than or equal to 1"));
    if (is_function && !parse_json(fill_in(payload, {"arn", "2026-11-22T16:20:05Z", "1", "1"})))
      return refuse(validation("Target.Input must be well-formed JSON for a Lambda function."));
    shown["Input"] = payload;
  }
  if (auto copied = copy_retry_policy(*target, shown); !copied) return copied;
  if (const auto* dead = get_object(*target, "DeadLetterConfig")) {
    const auto queue = text(*dead, "Arn");
    if (!queue.empty() && (!is_arn_of(queue, "sqs") || queue.ends_with(".fifo")))
      return refuse(validation(fmt::format("The dead-letter queue must be an SQS standard queue, not '{}'.", queue)));
    if (!queue.empty()) shown["DeadLetterConfig"] = json::object{{"Arn", queue}};
  }
  const auto* sqs = get_object(*target, "SqsParameters");
  const auto group = sqs ? text(*sqs, "MessageGroupId") : "";
  if (!group.empty() && !is_queue) return refuse(validation("SqsParameters go with an SQS queue alone."));
  if (arn.ends_with(".fifo") && is_queue && group.empty())
    return refuse(validation("A FIFO queue as target needs SqsParameters.MessageGroupId."));
  if (!group.empty()) shown["SqsParameters"] = json::object{{"MessageGroupId", group}};
  to["Target"] = std::move(shown);
  return {};
}

Outcome<void> copy_timing(const json::object& input, TimeZones& zones, json::object& to) {
  const auto expression = text(input, "ScheduleExpression");
  if (!parse_expression(expression))
    return refuse(validation(fmt::format("Invalid Schedule Expression {}.", expression)));
  to["ScheduleExpression"] = expression;
  const auto zone = text(input, "ScheduleExpressionTimezone");
  if (auto found = zones.find(zone); !found)
    return refuse(validation("Invalid Schedule Expression Timezone. " + found.error().message));
  to["ScheduleExpressionTimezone"] = zone.empty() ? "UTC" : zone;
  for (const auto member : {"StartDate", "EndDate"})
    if (auto copied = copy_date(input, member, to); !copied) return copied;
  const auto start = get_integer(to, "StartDate"), end = get_integer(to, "EndDate");
  if (start && end && *start >= *end) return refuse(validation("The StartDate must come before the EndDate."));
  return {};
}

json::object read_object(std::string_view stored) {
  auto parsed = parse_json_object(stored);
  return parsed ? *std::move(parsed) : json::object{};
}

SystemTime time_in(const json::object& stored, std::string_view member) {
  return time_of(static_cast<std::uint64_t>(get_integer(stored, member).value_or(0)));
}

}  // namespace

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
           c == '.';
  });
}

std::chrono::seconds Schedule::maximum_age() const {
  const auto* policy = get_object(target(), "RetryPolicy");
  return std::chrono::seconds(policy ? get_integer(*policy, "MaximumEventAgeInSeconds").value_or(86'400) : 86'400);
}

int Schedule::maximum_retries() const {
  const auto* policy = get_object(target(), "RetryPolicy");
  return static_cast<int>(policy ? get_integer(*policy, "MaximumRetryAttempts").value_or(185) : 185);
}

std::chrono::minutes Schedule::window() const {
  const auto* window = get_object(shown, "FlexibleTimeWindow");
  return std::chrono::minutes(window ? get_integer(*window, "MaximumWindowInMinutes").value_or(0) : 0);
}

Outcome<Tags> read_tags(const json::object& input) {
  Tags tags;
  if (const auto* given = get_array(input, "Tags")) {
    for (const auto& tag : *given) {
      const auto* entry = tag.if_object();
      const auto name = entry ? text(*entry, "Key") : "";
      if (name.empty() || name.size() > 128)
        return refuse(invalid_member("tags.member.key", name, "Member must have length from 1 to 128"));
      tags[name] = text(*entry, "Value");
    }
  }
  if (tags.size() > kMostTags) return refuse(validation("A schedule group can have up to 50 tags."));
  return tags;
}

json::array write_tags(const Tags& tags) {
  json::array out;
  for (const auto& [name, value] : tags) out.push_back(json::object{{"Key", name}, {"Value", value}});
  return out;
}

Outcome<Schedule> read_schedule(const json::object& input, TimeZones& zones) {
  Schedule schedule{.group = text(input, "GroupName"), .name = text(input, "Name")};
  if (schedule.group.empty()) schedule.group = "default";
  for (const auto& [member, name] : {std::pair("name", &schedule.name), std::pair("groupName", &schedule.group)}) {
    if (!is_name(*name))
      return refuse(invalid_member(member, *name, "Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$"));
  }
  auto& shown = schedule.shown;
  if (auto copied = copy_text(input, "Description", 512, shown); !copied) return refuse(copied.error());
  if (auto copied = copy_text(input, "KmsKeyArn", 2048, shown); !copied) return refuse(copied.error());
  if (auto copied = copy_timing(input, zones, shown); !copied) return refuse(copied.error());
  if (auto copied = copy_choice(input, "State", "ENABLED", "DISABLED", shown); !copied) return refuse(copied.error());
  if (auto copied = copy_choice(input, "ActionAfterCompletion", "NONE", "DELETE", shown); !copied)
    return refuse(copied.error());
  if (auto copied = copy_window(input, shown); !copied) return refuse(copied.error());
  if (auto copied = copy_target(input, shown); !copied) return refuse(copied.error());
  return schedule;
}

std::optional<Timing> timing_of(const Schedule& schedule, TimeZones& zones) {
  const auto expression = parse_expression(text(schedule.shown, "ScheduleExpression"));
  const auto zone = zones.find(text(schedule.shown, "ScheduleExpressionTimezone"));
  if (!expression || !zone) return std::nullopt;
  Timing timing{.expression = *expression, .zone = *zone, .anchor = schedule.anchor};
  if (schedule.shown.contains("StartDate")) timing.start = time_in(schedule.shown, "StartDate");
  if (schedule.shown.contains("EndDate")) timing.end = time_in(schedule.shown, "EndDate");
  return timing;
}

std::string schedule_arn(std::string_view account, std::string_view region, std::string_view group,
                         std::string_view name) {
  return fmt::format("arn:aws:scheduler:{}:{}:schedule/{}/{}", region, account, group, name);
}

std::string group_arn(std::string_view account, std::string_view region, std::string_view name) {
  return fmt::format("arn:aws:scheduler:{}:{}:schedule-group/{}", region, account, name);
}

std::string write(const Schedule& schedule) {
  json::object stored{{"shown", schedule.shown},
                      {"created", millis(schedule.created)},
                      {"modified", millis(schedule.modified)},
                      {"anchor", millis(schedule.anchor)},
                      {"token", schedule.client_token}};
  if (schedule.next) stored["next"] = millis(*schedule.next);
  return json::serialize(stored);
}

std::optional<Schedule> read_stored_schedule(std::string_view group, std::string_view name, std::string_view stored) {
  auto object = read_object(stored);
  const auto* shown = get_object(object, "shown");
  if (shown == nullptr || get_object(*shown, "Target") == nullptr) return std::nullopt;
  Schedule schedule{.group = std::string(group), .name = std::string(name), .shown = *shown};
  schedule.created = time_in(object, "created"), schedule.modified = time_in(object, "modified");
  schedule.anchor = time_in(object, "anchor");
  if (object.contains("next")) schedule.next = time_in(object, "next");
  schedule.client_token = text(object, "token");
  return schedule;
}

std::string write(const Group& group) {
  return json::serialize(json::object{{"created", millis(group.created)},
                                      {"modified", millis(group.modified)},
                                      {"deleting", group.is_deleting},
                                      {"tags", write_tags(group.tags)},
                                      {"token", group.client_token}});
}

std::optional<Group> read_stored_group(std::string_view name, std::string_view stored) {
  const auto object = read_object(stored);
  if (object.empty()) return std::nullopt;
  Group group{
      .name = std::string(name), .created = time_in(object, "created"), .modified = time_in(object, "modified")};
  group.is_deleting = get_bool(object, "deleting").value_or(false);
  if (auto tags = read_tags({{"Tags", object.at("tags")}})) group.tags = *std::move(tags);
  group.client_token = text(object, "token");
  return group;
}

}  // namespace ads::cloud::scheduler
