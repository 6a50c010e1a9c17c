#include "batch/time_zone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "batch/zone_table.h"

namespace ads::batch {
namespace {

SystemTime at(const char* time) {
  return *parse_iso8601(time);
}

struct Case {
  const char* zone;
  const char* time;
  int offset;  // seconds east
  const char* date;
};

const Case kCases[] = {
    {"UTC", "2026-11-22T23:59:59Z", 0, "22-11-2026"},
    {"Z", "2026-11-23T00:00:00Z", 0, "23-11-2026"},
    {"+05:30", "2026-11-22T18:29:59Z", 19800, "22-11-2026"},
    {"+05:30", "2026-11-22T18:30:00Z", 19800, "23-11-2026"},
    {"-0800", "2026-11-22T07:59:59Z", -28800, "21-11-2026"},
    {"-00:30", "2026-11-22T00:29:59Z", -1800, "21-11-2026"},
    {"+14", "2026-11-22T10:00:00Z", 50400, "23-11-2026"},
    {"Europe/Rome", "2026-03-29T00:59:59Z", 3600, "29-03-2026"},
    {"Europe/Rome", "2026-03-29T01:00:00Z", 7200, "29-03-2026"},
    {"Europe/Rome", "2026-10-25T00:59:59Z", 7200, "25-10-2026"},
    {"Europe/Rome", "2026-10-25T01:00:00Z", 3600, "25-10-2026"},
    {"Europe/Rome", "2026-07-01T22:00:00Z", 7200, "02-07-2026"},
    {"Europe/Dublin", "2026-07-01T12:00:00Z", 3600, "01-07-2026"},  // its winter time is the exception
    {"Europe/Dublin", "2026-12-01T12:00:00Z", 0, "01-12-2026"},
    {"America/New_York", "2026-11-01T05:59:59Z", -14400, "01-11-2026"},
    {"America/New_York", "2026-11-01T06:00:00Z", -18000, "01-11-2026"},
    {"America/New_York", "2026-01-01T04:59:59Z", -18000, "31-12-2025"},
    {"Australia/Sydney", "2026-01-15T00:00:00Z", 39600, "15-01-2026"},  // summer goes over new year
    {"Australia/Sydney", "2026-07-15T00:00:00Z", 36000, "15-07-2026"},
    {"Australia/Sydney", "2026-04-04T15:59:59Z", 39600, "05-04-2026"},
    {"Australia/Sydney", "2026-04-04T16:00:00Z", 36000, "05-04-2026"},
    {"Asia/Kolkata", "2026-11-22T18:30:00Z", 19800, "23-11-2026"},
    {"Asia/Kathmandu", "2026-11-22T18:15:00Z", 20700, "23-11-2026"},
    {"Pacific/Kiritimati", "2026-11-22T10:00:00Z", 50400, "23-11-2026"},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-01T22:00:00Z", 7200, "02-07-2026"},
    {"EST5EDT4,J60,300/-1:30", "2026-03-01T06:59:59Z", -18000, "01-03-2026"},
    {"EST5EDT4,J60,300/-1:30", "2026-03-01T07:00:00Z", -14400, "01-03-2026"},
};

TEST(TimeZone, KnowsOffsetAndDate) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(std::string(c.zone) + " at " + c.time);
    auto zone = parse_time_zone(c.zone);
    ASSERT_TRUE(zone) << zone.error().message;
    EXPECT_EQ(zone->offset_at(at(c.time)), c.offset);
    EXPECT_EQ(format_date(zone->date_at(at(c.time))), c.date);
  }
}

TEST(TimeZone, RefusesWhatIsNoZone) {
  for (const char* name : {"",
                           "Mars/Olympus",
                           "Europe",
                           "Rome",
                           "utc+1",
                           "UTC+1",
                           "GMT-2",
                           "+24:00",
                           "+5:30",
                           "+05:60",
                           "+0530x",
                           "../etc/passwd",
                           "/etc/passwd",
                           "CET-1CEST,M3.5.0",
                           "CET-1CEST,M13.5.0,M10.5.0",
                           "AB1",
                           "Europe/Rome Europe/Paris",
                           "<+05",
                           "EST5EDT,J0,J1",
                           "EST25"}) {
    auto zone = parse_time_zone(name);
    ASSERT_FALSE(zone) << name;
    EXPECT_EQ(zone.error().code, "UnknownTimeZone");
    EXPECT_THAT(zone.error().message, testing::HasSubstr("IANA name"));
  }
}

// A version 2 file: one change at 1000 seconds from +1 h to +2 h, then `footer`.
std::string tzif(std::string footer) {
  std::string counts(24, '\0');
  std::string v1 = "TZif2" + std::string(15, '\0') + counts;
  counts[15] = 1;  // times
  counts[19] = 2;  // types
  counts[23] = 4;  // characters
  std::string v2 = "TZif2" + std::string(15, '\0') + counts;
  v2 += std::string("\0\0\0\0\0\0\x03\xe8", 8) + std::string("\x01", 1);
  v2 += std::string("\0\0\x0e\x10\0\0", 6) + std::string("\0\0\x1c\x20\1\0", 6);
  v2 += std::string("AAA\0", 4);
  return v1 + v2 + "\n" + footer + "\n";
}

TEST(TimeZone, ReadsZoneFiles) {
  auto zone = TimeZone::from_tzif("Test/Zone", tzif("<+03>-3"));
  ASSERT_TRUE(zone);
  EXPECT_EQ(zone->name(), "Test/Zone");
  EXPECT_EQ(zone->offset_at(SystemTime{std::chrono::seconds{999}}), 3600);
  EXPECT_EQ(zone->offset_at(SystemTime{std::chrono::seconds{1000}}), 10800);
  EXPECT_EQ(TimeZone::from_tzif("Test/Zone", tzif(""))->offset_at(SystemTime{std::chrono::seconds{1000}}), 7200);
}

TEST(TimeZone, ACorruptZoneFileIsAnErrorAtEveryLength) {
  std::string whole = tzif("<+03>-3");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    auto zone = TimeZone::from_tzif("Test/Zone", std::string_view(whole).substr(0, length));
    // Without its last newline a footer is cut, and a shorter rule may be a rule too; before it, nothing is.
    if (zone) ADD_FAILURE() << "cut at " << length;
  }
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 0xff);
    (void)TimeZone::from_tzif("Test/Zone", changed);  // must not crash or hang
  }
}

TEST(TimeZone, PrefersTheFileAndFallsBackToTheCompiledRule) {
  auto newer = parse_time_zone("Europe/Rome", [](const std::string& name) -> std::optional<std::string> {
    EXPECT_EQ(name, "Europe/Rome");
    return tzif("<+09>-9");
  });
  EXPECT_EQ(newer->offset_at(at("2026-11-22T00:00:00Z")), 9 * 3600);
  auto damaged = parse_time_zone("Europe/Rome", [](const std::string&) { return std::optional<std::string>("TZif"); });
  EXPECT_EQ(damaged->offset_at(at("2026-11-22T00:00:00Z")), 3600);
  EXPECT_FALSE(parse_time_zone("../../etc/passwd", [](const std::string&) -> std::optional<std::string> {
    ADD_FAILURE() << "asked for a path outside the zone files";
    return std::nullopt;
  }));
}

// The compiled rules against the machine's own tzdata, where it has one; zones that tzdata lists date by date differ.
TEST(TimeZone, CompiledRulesAgreeWithTheMachinesTzdata) {
  for (std::string name : {"Europe/Rome", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "America/Sao_Paulo",
                           "Africa/Cairo", "Pacific/Chatham", "America/St_Johns", "Europe/Dublin"}) {
    std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
    if (!file) GTEST_SKIP() << "no tzdata here";
    std::stringstream bytes;
    bytes << file.rdbuf();
    auto zone = TimeZone::from_tzif(name, bytes.str());
    ASSERT_TRUE(zone) << name;
    auto compiled = parse_time_zone(name);
    ASSERT_TRUE(compiled) << name;
    for (SystemTime time = at("2026-01-01T00:00:00Z"); time < at("2029-01-01T00:00:00Z"); time += std::chrono::hours{7})
      ASSERT_EQ(zone->offset_at(time), compiled->offset_at(time)) << name << " at " << iso8601(time);
  }
}

TEST(TimeZone, TheTableKnowsWholeNamesOnly) {
  EXPECT_EQ(compiled_zone_rule("Europe/Rome"), "CET-1CEST,M3.5.0,M10.5.0/3");
  EXPECT_EQ(compiled_zone_rule("Rome"), "");
  EXPECT_EQ(compiled_zone_rule("Europe/Rom"), "");
  EXPECT_EQ(compiled_zone_rule(""), "");
  EXPECT_EQ(compiled_zone_rule(" "), "");
}

}  // namespace
}  // namespace ads::batch
