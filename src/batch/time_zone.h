// Which calendar day it is where the operators live: IANA names, fixed offsets and POSIX rules, without needing tzdata.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace ads::batch {

using Date = std::chrono::year_month_day;

// One half of a POSIX TZ rule: the day and second at which summer time begins or ends, in the local time before it.
struct ZoneChange {
  enum class Day { month_week_weekday, julian_without_leap, zero_based } kind = Day::month_week_weekday;
  int month = 0, week = 0, weekday = 0;  // M3.5.0
  int day = 0;                           // J60 or 59
  std::int32_t second = 2 * 3600;
};

// "CET-1CEST,M3.5.0,M10.5.0/3" as values. Offsets are seconds east of Greenwich.
struct ZoneRule {
  std::int32_t standard_offset = 0;
  std::optional<std::int32_t> summer_offset;
  ZoneChange summer_begins, summer_ends;
};

// A time zone as a value: what tzdata listed in advance, then the rule that goes on for ever.
class TimeZone {
 public:
  TimeZone() = default;  // UTC

  // Seconds east of Greenwich at that moment.
  std::int32_t offset_at(SystemTime time) const;
  Date date_at(SystemTime time) const;
  const std::string& name() const { return name_; }

  // The contents of a zoneinfo file (RFC 8536, version 2 or later). Errors: corrupt.
  static Result<TimeZone> from_tzif(std::string_view name, std::string_view bytes);
  // A POSIX TZ rule: "<+0530>-5:30", "EST5EDT,M3.2.0,M11.1.0". Errors: invalid.
  static Result<TimeZone> from_rule(std::string_view name, std::string_view rule);

 private:
  struct Transition {
    std::int64_t second;
    std::int32_t offset;
  };
  std::string name_ = "UTC";
  std::vector<Transition> transitions_;
  std::int32_t first_offset_ = 0;  // before the first transition
  ZoneRule rule_;
};

// Gives the bytes of a zone's file ("Europe/Rome"), or nothing where there is none. The function reads
// /usr/share/zoneinfo/<name>; a test hands over a string. Only called with names of letters, digits, '_', '-', '+',
// '/'.
using ReadZone = std::function<std::optional<std::string>(const std::string& name)>;

// Accepts "UTC" and "Z", "+05:30", an IANA name, a POSIX rule with a comma or with <> around its
// name ("UTC+1" is refused: POSIX means west by it, people mean east). An IANA name is taken from `read` where that has
// it (it may be newer), else from the rules compiled in, so a machine without tzdata knows every zone too. Errors:
// invalid / "UnknownTimeZone".
Result<TimeZone> parse_time_zone(std::string_view name, const ReadZone& read = {});

// "2026-11-22 17:20:05 Europe/Rome (2026-11-22T16:20:05Z)": where the operators live, and UTC. In UTC the latter alone.
// A zone that is a rule is shown as its offset, "+01:00".
std::string local_and_utc(SystemTime time, const TimeZone& zone);

// "22-11-2026", as in a batch file's name.
std::string format_date(Date date);

}  // namespace ads::batch
