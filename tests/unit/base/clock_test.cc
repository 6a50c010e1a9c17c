#include "base/clock.h"

#include <gtest/gtest.h>

namespace ads {
namespace {

using std::chrono::milliseconds;

SystemTime at(std::int64_t ms) {
  return SystemTime{milliseconds{ms}};
}

TEST(Clock, WritesEveryForm) {
  SystemTime time = at(1795364405123);  // 2026-11-22
  EXPECT_EQ(iso8601(time), "2026-11-22T16:20:05.123Z");
  EXPECT_EQ(iso8601_seconds(time), "2026-11-22T16:20:05Z");
  EXPECT_EQ(iso8601_basic(time), "20261122T162005Z");
  EXPECT_EQ(http_date(time), "Sun, 22 Nov 2026 16:20:05 GMT");
}

TEST(Clock, ReadsWhatItWrote) {
  SystemTime whole = at(1795364405000);
  EXPECT_EQ(*parse_iso8601(iso8601(at(1795364405123))), at(1795364405123));
  EXPECT_EQ(*parse_iso8601_basic(iso8601_basic(whole)), whole);
  EXPECT_EQ(*parse_http_date(http_date(whole)), whole);
}

TEST(Clock, ReadsIsoForms) {
  struct Case {
    const char* text;
    std::int64_t ms;
  };
  for (Case c : {Case{"2026-11-22T16:20:05Z", 1795364405000}, Case{"2026-11-22T16:20:05.5Z", 1795364405500},
                 Case{"2026-11-22T16:20:05.123456Z", 1795364405123}, Case{"2026-11-22T17:20:05+01:00", 1795364405000},
                 Case{"2026-11-22T11:20:05-05:00", 1795364405000}, Case{"1970-01-01T00:00:00Z", 0}}) {
    auto time = parse_iso8601(c.text);
    ASSERT_TRUE(time) << c.text;
    EXPECT_EQ(time->time_since_epoch().count(), c.ms) << c.text;
  }
}

TEST(Clock, RefusesWhatIsNoTime) {
  for (const char* text : {"", "yesterday", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-22T25:00:00Z",
                           "2026-11-22T16:20:05.Z", "2026-11-22T16:20:05Q", "2026-11-22"})
    EXPECT_FALSE(parse_iso8601(text)) << text;
  EXPECT_FALSE(parse_iso8601_basic("20261122T162005"));
  EXPECT_FALSE(parse_http_date("Sun, 22 Foo 2026 16:20:05 GMT"));
}

}  // namespace
}  // namespace ads
