#include "batch/zone_rule.h"

#include <fmt/format.h>

namespace ads::batch {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Reads the rule from left to right; every step is false when the text is not what it should be.
struct Scanner {
  std::string_view rest;

  bool take(char c) {
    if (!rest.starts_with(c)) return false;
    rest.remove_prefix(1);
    return true;
  }

  bool name() {
    std::size_t end = 0;
    if (take('<')) {
      end = rest.find('>');
      if (end == rest.npos || end < 3) return false;
      rest.remove_prefix(end + 1);
      return true;
    }
    while (end < rest.size() && is_letter(rest[end])) ++end;
    rest.remove_prefix(end);
    return end >= 3;
  }

  bool number(int& value, int low, int high) {
    value = 0;
    std::size_t digits = 0;
    while (digits < 4 && digits < rest.size() && is_digit(rest[digits])) value = value * 10 + (rest[digits++] - '0');
    rest.remove_prefix(digits);
    return digits > 0 && value >= low && value <= high;
  }

  // [+-]hh[:mm[:ss]]
  bool time(std::int32_t& seconds, int max_hours) {
    int sign = take('-') ? -1 : (take('+'), 1), hours = 0, minutes = 0, rest_of_minute = 0;
    if (!number(hours, 0, max_hours)) return false;
    if (take(':') && !number(minutes, 0, 59)) return false;
    if (take(':') && !number(rest_of_minute, 0, 59)) return false;
    seconds = sign * (hours * 3600 + minutes * 60 + rest_of_minute);
    return true;
  }

  bool change(ZoneChange& change) {
    using Day = ZoneChange::Day;
    if (take('M')) {
      change.kind = Day::month_week_weekday;
      if (!number(change.month, 1, 12) || !take('.') || !number(change.week, 1, 5) || !take('.') ||
          !number(change.weekday, 0, 6))
        return false;
    } else if (take('J')) {
      change.kind = Day::julian_without_leap;
      if (!number(change.day, 1, 365)) return false;
    } else {
      change.kind = Day::zero_based;
      if (!number(change.day, 0, 365)) return false;
    }
    return !take('/') || time(change.second, 167);
  }
};

// The local second (since the epoch, as if the local clock were UTC) of the change in that year.
std::int64_t local_second(const ZoneChange& change, year y) {
  sys_days day;
  switch (change.kind) {
    case ZoneChange::Day::month_week_weekday: {
      std::chrono::month month{static_cast<unsigned>(change.month)};
      std::chrono::weekday weekday{static_cast<unsigned>(change.weekday)};
      day = change.week == 5 ? sys_days{y / month / weekday[std::chrono::last]}
                             : sys_days{y / month / weekday[static_cast<unsigned>(change.week)]};
      break;
    }
    case ZoneChange::Day::julian_without_leap:
      day = sys_days{y / 1 / 1} + days{change.day - 1 + (y.is_leap() && change.day >= 60 ? 1 : 0)};
      break;
    case ZoneChange::Day::zero_based:
      day = sys_days{y / 1 / 1} + days{change.day};
      break;
  }
  return std::int64_t{day.time_since_epoch().count()} * 86400 + change.second;
}

}  // namespace

Result<ZoneRule> parse_zone_rule(std::string_view text) {
  auto invalid = [&] {
    return fail(ErrorKind::invalid, "NotAZoneRule",
                fmt::format("'{}' is not a POSIX time zone rule such as 'CET-1CEST,M3.5.0,M10.5.0/3'", text));
  };
  Scanner scanner{text};
  ZoneRule rule;
  // POSIX counts west of Greenwich.
  if (!scanner.name() || !scanner.time(rule.standard_offset, 24)) return invalid();
  rule.standard_offset = -rule.standard_offset;
  if (scanner.rest.empty()) return rule;
  if (!scanner.name()) return invalid();
  rule.summer_offset = rule.standard_offset + 3600;
  if (!scanner.rest.empty() && !scanner.rest.starts_with(',')) {
    std::int32_t west;
    if (!scanner.time(west, 24)) return invalid();
    rule.summer_offset = -west;
  }
  if (scanner.rest.empty()) scanner.rest = ",M3.2.0,M11.1.0";
  if (!scanner.take(',') || !scanner.change(rule.summer_begins) || !scanner.take(',') ||
      !scanner.change(rule.summer_ends) || !scanner.rest.empty())
    return invalid();
  return rule;
}

std::int32_t offset_by_rule(const ZoneRule& rule, std::int64_t second) {
  if (!rule.summer_offset) return rule.standard_offset;
  auto local = std::chrono::sys_seconds{std::chrono::seconds{second + rule.standard_offset}};
  year y = std::chrono::year_month_day{std::chrono::floor<days>(local)}.year();
  std::int64_t begins = local_second(rule.summer_begins, y) - rule.standard_offset;
  std::int64_t ends = local_second(rule.summer_ends, y) - *rule.summer_offset;
  bool is_summer =
      begins < ends ? second >= begins && second < ends : second >= begins || second < ends;  // south: over new year
  return is_summer ? *rule.summer_offset : rule.standard_offset;
}

}  // namespace ads::batch
