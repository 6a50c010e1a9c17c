#include "base/clock.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <ctime>

namespace ads {
namespace {

using std::chrono::milliseconds;

class MachineClock : public Clock {
 public:
  SystemTime now() const override {
    return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
  }
};

struct Fields {
  int year, month, day, hour, minute, second, millisecond;
  unsigned weekday;  // 0 = Sunday
};

Fields split(SystemTime time) {
  auto day = std::chrono::floor<std::chrono::days>(time);
  std::chrono::year_month_day date{day};
  std::chrono::hh_mm_ss clock{time - day};
  return {int(date.year()),
          int(unsigned(date.month())),
          int(unsigned(date.day())),
          int(clock.hours().count()),
          int(clock.minutes().count()),
          int(clock.seconds().count()),
          int(clock.subseconds().count()),
          std::chrono::weekday{day}.c_encoding()};
}

constexpr std::array kWeekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

Result<SystemTime> join(int year, int month, int day, int hour, int minute, int second, std::string_view text) {
  std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{unsigned(month)},
                                   std::chrono::day{unsigned(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60)
    return fail(ErrorKind::invalid, "InvalidTime", fmt::format("'{}' is not a date and time", text));
  return SystemTime{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second};
}

std::unexpected<Error> not_a_time(std::string_view text, std::string_view form) {
  return fail(ErrorKind::invalid, "InvalidTime", fmt::format("'{}' is not a time of the form {}", text, form));
}

}  // namespace

Clock& system_clock() {
  static MachineClock clock;
  return clock;
}

std::string iso8601(SystemTime time) {
  auto f = split(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", f.year, f.month, f.day, f.hour, f.minute, f.second,
                     f.millisecond);
}

std::string iso8601_seconds(SystemTime time) {
  auto f = split(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", f.year, f.month, f.day, f.hour, f.minute, f.second);
}

std::string iso8601_basic(SystemTime time) {
  auto f = split(time);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", f.year, f.month, f.day, f.hour, f.minute, f.second);
}

std::string http_date(SystemTime time) {
  auto f = split(time);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kWeekdays[f.weekday], f.day, kMonths[f.month - 1],
                     f.year, f.hour, f.minute, f.second);
}

Result<SystemTime> parse_iso8601(std::string_view text) {
  std::string copy(text);
  int year, month, day, hour, minute, second, used = 0;
  if (std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &used) != 6)
    return not_a_time(text, "YYYY-MM-DDThh:mm:ssZ");
  auto time = join(year, month, day, hour, minute, second, text);
  if (!time) return time;
  std::string_view rest = std::string_view(copy).substr(std::size_t(used));
  if (rest.starts_with('.')) {
    std::size_t end = rest.find_first_not_of("0123456789", 1);
    std::string digits(rest.substr(1, end == rest.npos ? rest.npos : end - 1));
    if (digits.empty()) return not_a_time(text, "YYYY-MM-DDThh:mm:ss.sssZ");
    digits.resize(3, '0');
    *time += milliseconds{std::stoi(digits)};
    rest = end == rest.npos ? std::string_view{} : rest.substr(end);
  }
  if (rest == "Z" || rest.empty()) return time;
  int hours, minutes, length = 0;
  char sign;
  std::string offset(rest);
  if (std::sscanf(offset.c_str(), "%c%2d:%2d%n", &sign, &hours, &minutes, &length) != 3 ||
      std::size_t(length) != offset.size() || (sign != '+' && sign != '-'))
    return not_a_time(text, "YYYY-MM-DDThh:mm:ss+hh:mm");
  auto shift = std::chrono::hours{hours} + std::chrono::minutes{minutes};
  *time -= sign == '+' ? shift : -shift;
  return time;
}

Result<SystemTime> parse_iso8601_basic(std::string_view text) {
  std::string copy(text);
  int year, month, day, hour, minute, second, used = 0;
  if (std::sscanf(copy.c_str(), "%4d%2d%2dT%2d%2d%2dZ%n", &year, &month, &day, &hour, &minute, &second, &used) != 6 ||
      std::size_t(used) != copy.size())
    return not_a_time(text, "YYYYMMDDThhmmssZ");
  return join(year, month, day, hour, minute, second, text);
}

Result<SystemTime> parse_http_date(std::string_view text) {
  std::string copy(text);
  char month_name[4] = {};
  int year, day, hour, minute, second;
  if (std::sscanf(copy.c_str(), "%*3s, %2d %3s %4d %2d:%2d:%2d GMT", &day, month_name, &year, &hour, &minute,
                  &second) != 6)
    return not_a_time(text, "Sun, 22 Nov 2026 16:20:05 GMT");
  for (int month = 1; month <= 12; ++month)
    if (std::string_view(month_name) == kMonths[month - 1]) return join(year, month, day, hour, minute, second, text);
  return not_a_time(text, "Sun, 22 Nov 2026 16:20:05 GMT");
}

}  // namespace ads
