// A schedule and a schedule group as values: what was asked for, checked, and how it is stored.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "base/json.h"
#include "cloud/scheduler/expression.h"
#include "cloud/wire_error.h"

namespace ads::cloud::scheduler {

using Tags = std::map<std::string, std::string>;

struct Group {
  std::string name;
  SystemTime created, modified;
  bool is_deleting = false;
  Tags tags;
  std::string client_token;
};

struct Schedule {
  std::string group, name;
  // Description, ScheduleExpression, ScheduleExpressionTimezone, StartDate, EndDate (both in milliseconds), State,
  // FlexibleTimeWindow, Target, ActionAfterCompletion, KmsKeyArn: as GetSchedule names them.
  json::object shown;
  SystemTime created, modified;
  SystemTime anchor;               // Timing::anchor
  std::optional<SystemTime> next;  // due next; nothing: disabled or over
  std::string client_token;        // of the request or stack operation that made it

  bool is_enabled() const { return get_string(shown, "State") == "ENABLED"; }
  bool is_deleted_after_completion() const { return get_string(shown, "ActionAfterCompletion") == "DELETE"; }
  const json::object& target() const { return shown.at("Target").as_object(); }
  std::string target_arn() const { return std::string(get_string(target(), "Arn").value_or("")); }
  std::chrono::seconds maximum_age() const;
  int maximum_retries() const;
  std::chrono::minutes window() const;  // 0 where the time window is not flexible
};

bool is_name(std::string_view name);
// Errors: ValidationException. Up to 50 tags.
Outcome<Tags> read_tags(const json::object& input);
json::array write_tags(const Tags& tags);

// CreateSchedule's and UpdateSchedule's members, and a template's properties of the same names; dates in seconds or
// ISO 8601. Sets `shown`, group and name, nothing else. Errors: ValidationException; NotImplemented for targets that
// nothing here can be.
Outcome<Schedule> read_schedule(const json::object& input, TimeZones& zones);

// Nothing where a zone is no longer there.
std::optional<Timing> timing_of(const Schedule& schedule, TimeZones& zones);

std::string schedule_arn(std::string_view account, std::string_view region, std::string_view group,
                         std::string_view name);
std::string group_arn(std::string_view account, std::string_view region, std::string_view name);

std::string write(const Schedule& schedule);
std::optional<Schedule> read_stored_schedule(std::string_view group, std::string_view name, std::string_view stored);
std::string write(const Group& group);
std::optional<Group> read_stored_group(std::string_view name, std::string_view stored);

}  // namespace ads::cloud::scheduler
