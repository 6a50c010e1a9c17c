#include "cloud/scheduler/cron.h"

#include <array>
#include <charconv>
#include <vector>

namespace ads::cloud::scheduler {
namespace {

using Names = std::span<const std::string_view>;
constexpr std::array<std::string_view, 12> kMonths{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                   "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kWeekdays{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

bool same_letters(std::string_view name, std::string_view text) {
  return std::ranges::equal(name, text, [](char a, char b) { return a == (b >= 'a' && b <= 'z' ? b - 32 : b); });
}

// A number or a name; names count from 1.
std::optional<int> value_of(std::string_view text, Names names) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (same_letters(names[i], text)) return static_cast<int>(i) + 1;
  return number(text);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == text.npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// "*", "5", "1-5", "0/15", "8-17/2", and several of them with commas. `offset` is what stands at bit 0.
template <std::size_t Size>
bool read(std::string_view field, int least, int most, Names names, std::bitset<Size>& into, int offset = 0) {
  for (const auto part : split(field, ',')) {
    const auto slash = part.find('/');
    const auto range = part.substr(0, slash);
    const auto step = slash == part.npos ? std::optional<int>(1) : number(part.substr(slash + 1));
    int from = least, to = most;
    if (range != "*") {
      const auto dash = range.find('-');
      const auto first = value_of(range.substr(0, dash), names);
      const auto last = dash == range.npos ? (slash == part.npos ? first : std::optional<int>(most))
                                           : value_of(range.substr(dash + 1), names);
      if (!first || !last) return false;
      from = *first, to = *last;
    }
    if (!step || *step < 1 || from < least || to > most || from > to) return false;
    for (int value = from; value <= to; value += *step) into.set(static_cast<std::size_t>(value - offset));
  }
  return true;
}

bool is_workday(std::chrono::sys_days day) {
  const auto weekday = std::chrono::weekday(day);
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

// The workday nearest to that day within its month.
std::chrono::sys_days nearest_workday(std::chrono::year_month_day wanted) {
  using std::chrono::days;
  const std::chrono::sys_days day(wanted);
  if (is_workday(day)) return day;
  const bool is_saturday = std::chrono::weekday(day) == std::chrono::Saturday;
  const auto near = is_saturday ? day - days(1) : day + days(1), far = is_saturday ? day + days(2) : day - days(2);
  return std::chrono::year_month_day(near).month() == wanted.month() ? near : far;
}

}  // namespace

std::optional<Cron> Cron::parse(std::string_view text) {
  std::vector<std::string_view> fields;
  for (const auto part : split(text, ' '))
    if (!part.empty()) fields.push_back(part);
  if (fields.size() != 6) return std::nullopt;
  // Which days: one of the two fields says it, the other one is "?".
  if ((fields[2] == "?") == (fields[4] == "?")) return std::nullopt;
  Cron cron;
  if (!read(fields[0], 0, 59, {}, cron.minutes_) || !read(fields[1], 0, 23, {}, cron.hours_) ||
      !read(fields[3], 1, 12, kMonths, cron.months_) ||
      !read(fields[5], kFirstYear, kLastYear, {}, cron.years_, kFirstYear))
    return std::nullopt;
  const bool is_read = fields[4] == "?" ? cron.read_days_of_month(fields[2]) : cron.read_days_of_week(fields[4]);
  return is_read ? std::optional(cron) : std::nullopt;
}

bool Cron::read_days_of_month(std::string_view field) {
  if (field == "L") {
    rule_ = Days::last_of_month;
    return true;
  }
  if (field == "LW") {
    rule_ = Days::last_weekday_of_month;
    return true;
  }
  if (field.ends_with('W')) {
    const auto day = number(field.substr(0, field.size() - 1));
    if (!day || *day < 1 || *day > 31) return false;
    rule_ = Days::nearest_weekday;
    day_ = static_cast<unsigned>(*day);
    return true;
  }
  rule_ = Days::of_month;
  return read(field, 1, 31, {}, days_);
}

bool Cron::read_days_of_week(std::string_view field) {
  if (const auto hash = field.find('#'); hash != field.npos) {
    const auto weekday = value_of(field.substr(0, hash), kWeekdays), nth = number(field.substr(hash + 1));
    if (!weekday || *weekday < 1 || *weekday > 7 || !nth || *nth < 1 || *nth > 5) return false;
    rule_ = Days::nth_of_week;
    weekday_ = static_cast<unsigned>(*weekday), nth_ = static_cast<unsigned>(*nth);
    return true;
  }
  if (field == "L") field = "7";  // the week's last day
  if (field.ends_with('L')) {
    const auto weekday = value_of(field.substr(0, field.size() - 1), kWeekdays);
    if (!weekday || *weekday < 1 || *weekday > 7) return false;
    rule_ = Days::last_of_week;
    weekday_ = static_cast<unsigned>(*weekday);
    return true;
  }
  rule_ = Days::of_week;
  return read(field, 1, 7, kWeekdays, weekdays_);
}

bool Cron::matches(std::chrono::year_month_day day) const {
  using namespace std::chrono;
  const sys_days at(day);
  const unsigned weekday_here = weekday(at).c_encoding() + 1, of_month = static_cast<unsigned>(day.day());
  const unsigned last = static_cast<unsigned>(year_month_day_last(day.year(), month_day_last(day.month())).day());
  switch (rule_) {
    case Days::of_month:
      return days_.test(of_month);
    case Days::last_of_month:
      return of_month == last;
    case Days::last_weekday_of_month:
      return at == nearest_workday(day.year() / day.month() / std::chrono::day(last));
    case Days::nearest_weekday:
      return day_ <= last && at == nearest_workday(day.year() / day.month() / std::chrono::day(day_));
    case Days::of_week:
      return weekdays_.test(weekday_here);
    case Days::nth_of_week:
      return weekday_here == weekday_ && (of_month - 1) / 7 + 1 == nth_;
    case Days::last_of_week:
      return weekday_here == weekday_ && of_month + 7 > last;
  }
  return false;
}

std::optional<LocalSeconds> Cron::next_after(LocalSeconds local) const {
  using namespace std::chrono;
  const auto first = floor<minutes>(local) + minutes(1);
  auto day = floor<days>(first);
  auto least_minute = static_cast<std::size_t>((first - day).count());
  while (true) {
    const year_month_day date(day);
    const int year_here = static_cast<int>(date.year());
    if (year_here > kLastYear) return std::nullopt;
    if (year_here < kFirstYear || !years_.test(static_cast<std::size_t>(year_here - kFirstYear))) {
      day = local_days(std::chrono::year(std::max(year_here + 1, kFirstYear)) / January / 1);
    } else if (!months_.test(static_cast<unsigned>(date.month()))) {
      day = local_days((date.year() / date.month() / 1) + months(1));
    } else {
      if (matches(date)) {
        for (std::size_t minute = least_minute; minute < 24 * 60; ++minute) {
          if (!hours_.test(minute / 60)) {
            minute = (minute / 60 + 1) * 60 - 1;  // the next hour
          } else if (minutes_.test(minute % 60)) {
            return day + minutes(static_cast<int>(minute));
          }
        }
      }
      day += days(1);
    }
    least_minute = 0;
  }
}

}  // namespace ads::cloud::scheduler
