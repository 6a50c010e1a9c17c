// When schedules are due: every form of AWS's expressions, time zones, and the two nights a year that differ.
#include "cloud/scheduler/expression.h"

#include <gtest/gtest.h>

namespace ads::cloud::scheduler {
namespace {

SystemTime utc(std::string_view text) {
  return parse_iso8601(text).value();
}

Timing timing(std::string_view expression, std::string_view zone = "UTC") {
  TimeZones zones;
  return {.expression = parse_expression(expression).value(), .zone = zones.find(zone).value(), .anchor = {}};
}

// The next `count` times after `after`.
std::vector<std::string> due(const Timing& timing, std::string_view after, int count) {
  std::vector<std::string> out;
  for (auto next = next_after(timing, utc(after)); next && count-- > 0; next = next_after(timing, *next))
    out.push_back(iso8601_seconds(*next));
  return out;
}

using Times = std::vector<std::string>;

struct Case {
  std::string expression, zone, after;
  Times expected;
};

TEST(Expression, cron_is_due_when_the_fields_say) {
  const std::vector<Case> cases = {
      {"cron(15 10 * * ? *)", "UTC", "2026-11-22T10:15:00Z", {"2026-11-23T10:15:00Z", "2026-11-24T10:15:00Z"}},
      {"cron(0/20 8-9 ? * MON-FRI *)",
       "UTC",
       "2026-11-20T09:20:00Z",  // a Friday
       {"2026-11-20T09:40:00Z", "2026-11-23T08:00:00Z", "2026-11-23T08:20:00Z"}},
      {"cron(0 12 1 JAN,jul ? *)", "UTC", "2026-01-01T12:00:00Z", {"2026-07-01T12:00:00Z", "2027-01-01T12:00:00Z"}},
      {"cron(0 0 L * ? *)", "UTC", "2028-01-31T12:00:00Z", {"2028-02-29T00:00:00Z", "2028-03-31T00:00:00Z"}},
      {"cron(0 0 LW * ? *)", "UTC", "2026-10-30T12:00:00Z", {"2026-11-30T00:00:00Z", "2026-12-31T00:00:00Z"}},
      // 1 August 2026 is a Saturday: the nearest workday of that month is Monday the 3rd.
      {"cron(0 0 1W * ? *)", "UTC", "2026-07-01T12:00:00Z", {"2026-08-03T00:00:00Z", "2026-09-01T00:00:00Z"}},
      {"cron(0 0 31W * ? *)", "UTC", "2026-05-01T00:00:00Z", {"2026-05-29T00:00:00Z", "2026-07-31T00:00:00Z"}},
      {"cron(0 9 ? * 2#1 *)", "UTC", "2026-11-22T00:00:00Z", {"2026-12-07T09:00:00Z", "2027-01-04T09:00:00Z"}},
      {"cron(0 9 ? * TUE#5 *)", "UTC", "2026-11-22T00:00:00Z", {"2026-12-29T09:00:00Z", "2027-03-30T09:00:00Z"}},
      {"cron(15 10 ? * 6L 2026-2027)", "UTC", "2026-11-22T00:00:00Z", {"2026-11-27T10:15:00Z", "2026-12-25T10:15:00Z"}},
      {"cron(0 0 ? * L *)", "UTC", "2026-11-22T00:00:00Z", {"2026-11-28T00:00:00Z", "2026-12-05T00:00:00Z"}},
      {"cron(0-15/5 8-8 ? * 2,3 *)", "UTC", "2026-11-24T08:10:00Z", {"2026-11-24T08:15:00Z", "2026-11-30T08:00:00Z"}},
      {"cron(59 23 29 2 ? *)", "UTC", "2026-01-01T00:00:00Z", {"2028-02-29T23:59:00Z", "2032-02-29T23:59:00Z"}},
      {"cron(0 0 1 1 ? 2027)", "UTC", "2026-01-01T00:00:00Z", {"2027-01-01T00:00:00Z"}},
      {"cron(0 0 30 2 ? *)", "UTC", "2026-01-01T00:00:00Z", {}},
      {"cron(* * * * ? *)", "UTC", "2026-11-22T10:00:30Z", {"2026-11-22T10:01:00Z", "2026-11-22T10:02:00Z"}},
      {"cron(0 8 * * ? *)", "Asia/Kolkata", "2026-11-22T00:00:00Z", {"2026-11-22T02:30:00Z"}},
      // No 02:30 on 29 March in Berlin, and two of them on 25 October.
      {"cron(30 2 * * ? *)", "Europe/Berlin", "2026-03-27T12:00:00Z", {"2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z"}},
      {"cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-24T12:00:00Z", {"2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}},
      // Past the years that the zone's file lists one by one.
      {"cron(0 12 1 1,7 ? *)",
       "Europe/Berlin",
       "2090-01-01T12:00:00Z",
       {"2090-07-01T10:00:00Z", "2091-01-01T11:00:00Z"}},
      {"cron(0 12 1 1,7 ? *)",
       "Australia/Sydney",
       "2090-01-02T12:00:00Z",
       {"2090-07-01T02:00:00Z", "2091-01-01T01:00:00Z"}},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(due(timing(c.expression, c.zone), c.after, static_cast<int>(std::max<std::size_t>(1, c.expected.size()))),
              c.expected)
        << c.expression << " in " << c.zone;
  }
}

TEST(Expression, what_is_none_is_refused) {
  for (const std::string text : {"",
                                 "cron()",
                                 "rate(5)",
                                 "rate(0 minutes)",
                                 "rate(-5 minutes)",
                                 "rate(5 seconds)",
                                 "rate(5  minutes)",
                                 "rate(5 minutes",
                                 "at(2026-11-22)",
                                 "at(2026-13-22T00:00:00)",
                                 "at(2026-11-22 00:00:00)",
                                 "at(2026-11-22T00:00:00Z)",
                                 "cron(* * * * *)",
                                 "cron(* * * * * *)",
                                 "cron(* * ? * ? *)",
                                 "cron(60 * * * ? *)",
                                 "cron(* 24 * * ? *)",
                                 "cron(* * 0 * ? *)",
                                 "cron(* * 32 * ? *)",
                                 "cron(* * * 13 ? *)",
                                 "cron(* * ? * 8 *)",
                                 "cron(* * ? * 0 *)",
                                 "cron(* * * * ? 1969)",
                                 "cron(* * * * ? 2200)",
                                 "cron(5-1 * * * ? *)",
                                 "cron(0/0 * * * ? *)",
                                 "cron(0 0 32W * ? *)",
                                 "cron(0 0 ? * 2#6 *)",
                                 "cron(0 0 ? * MOON *)",
                                 "cron(a * * * ? *)",
                                 "every(5 minutes)"}) {
    EXPECT_FALSE(parse_expression(text)) << text;
  }
}

TEST(Expression, a_rate_is_due_at_once_and_then_every_period) {
  auto every = timing("rate(5 minutes)");
  every.anchor = utc("2026-11-22T10:01:30Z");
  EXPECT_EQ(due(every, "2026-11-22T10:01:29Z", 2), (Times{"2026-11-22T10:01:30Z", "2026-11-22T10:06:30Z"}));
  EXPECT_EQ(due(every, "2026-11-22T10:06:30Z", 1), Times{"2026-11-22T10:11:30Z"});
  EXPECT_EQ(due(timing("rate(1 hour)"), "1970-01-02T00:30:00Z", 1), Times{"1970-01-02T01:00:00Z"});
  EXPECT_EQ(due(timing("rate(2 days)"), "1970-01-02T00:30:00Z", 1), Times{"1970-01-03T00:00:00Z"});
}

TEST(Expression, start_and_end_bound_what_recurs) {
  auto every = timing("rate(10 minutes)");
  every.start = utc("2026-11-22T10:00:00Z"), every.end = utc("2026-11-22T10:20:00Z");
  EXPECT_EQ(due(every, "2026-11-01T00:00:00Z", 9),
            (Times{"2026-11-22T10:00:00Z", "2026-11-22T10:10:00Z", "2026-11-22T10:20:00Z"}));
  auto daily = timing("cron(0 8 * * ? *)");
  daily.start = utc("2026-11-22T08:00:00Z"), daily.end = utc("2026-11-23T08:00:00Z");
  EXPECT_EQ(due(daily, "2026-11-01T00:00:00Z", 9), (Times{"2026-11-22T08:00:00Z", "2026-11-23T08:00:00Z"}));
}

TEST(Expression, at_is_due_once_whatever_start_and_end_say) {
  auto once = timing("at(2026-11-22T16:20:05)", "America/New_York");
  once.end = utc("2026-01-01T00:00:00Z");
  EXPECT_EQ(due(once, "2026-11-22T00:00:00Z", 9), Times{"2026-11-22T21:20:05Z"});
  EXPECT_EQ(due(once, "2026-11-22T21:20:05Z", 9), Times{});
  // An hour that does not come: when summer time begins.
  EXPECT_EQ(due(timing("at(2026-03-29T02:30:00)", "Europe/Berlin"), "2026-03-01T00:00:00Z", 9),
            Times{"2026-03-29T01:00:00Z"});
}

TEST(Expression, what_was_missed_is_the_last_one) {
  auto every = timing("cron(0/5 * * * ? *)");
  EXPECT_EQ(last_within(every, utc("2026-11-22T10:00:00Z"), utc("2026-11-22T11:07:00Z")), utc("2026-11-22T11:05:00Z"));
  EXPECT_FALSE(last_within(every, utc("2026-11-22T10:00:00Z"), utc("2026-11-22T10:04:59Z")));
}

TEST(TimeZones, names_that_are_none_are_refused) {
  TimeZones zones;
  for (const std::string name : {"Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe/Berlin\n"})
    EXPECT_FALSE(zones.find(name)) << name;
  EXPECT_FALSE(TimeZone::from_file("TZif"));
  EXPECT_FALSE(TimeZone::from_file(std::string("TZif2") + std::string(39, '\xff')));
}

}  // namespace
}  // namespace ads::cloud::scheduler
