// A cron expression of six fields: minutes, hours, day of month, month, day of week, year.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
#pragma once
#include <bitset>
#include <optional>
#include <string_view>

#include "cloud/scheduler/time_zone.h"

namespace ads::cloud::scheduler {

class Cron {
 public:
  // "0/15 8-17 ? * MON-FRI *". Exactly one of the two day fields is "?". Nothing where it is none.
  static std::optional<Cron> parse(std::string_view fields);

  // The first minute after `local` at which it is due; nothing after the year 2199.
  std::optional<LocalSeconds> next_after(LocalSeconds local) const;

 private:
  static constexpr int kFirstYear = 1970, kLastYear = 2199;
  enum class Days {
    of_month,
    last_of_month,
    last_weekday_of_month,
    nearest_weekday,
    of_week,
    nth_of_week,
    last_of_week
  };

  bool read_days_of_month(std::string_view field);
  bool read_days_of_week(std::string_view field);
  bool matches(std::chrono::year_month_day day) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;  // of the month
  std::bitset<13> months_;
  std::bitset<8> weekdays_;  // 1 is Sunday
  std::bitset<kLastYear - kFirstYear + 1> years_;
  Days rule_ = Days::of_month;
  unsigned day_ = 0;      // "15W"
  unsigned weekday_ = 0;  // "6L", "3#2"
  unsigned nth_ = 0;
};

}  // namespace ads::cloud::scheduler
