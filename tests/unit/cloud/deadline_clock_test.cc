#include "cloud/deadline_clock.h"

#include <gtest/gtest.h>

namespace ads::cloud {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Fixture {
  ManualClock wall{SystemTime(hours(500'000))};
  DeadlineClock::Steady::time_point steady{};
  DeadlineClock clock{wall, [this] { return steady; }};
  SystemTime start = clock.now();

  void pass(milliseconds time) {
    steady += time;
    wall.advance(time);
  }
};

TEST(DeadlineClock, FollowsTheMachines) {
  Fixture f;
  f.pass(seconds(10));
  EXPECT_EQ(f.clock.now(), f.start + seconds(10));
  f.wall.advance(hours(1));  // set forward
  EXPECT_EQ(f.clock.now(), f.wall.now());
}

TEST(DeadlineClock, GoesOnWhereTheMachinesIsSetBack) {
  Fixture f;
  f.wall.advance(-hours(2));
  f.pass(seconds(30));
  EXPECT_EQ(f.clock.now(), f.start + seconds(30));
  for (int i = 0; i < 10'000; ++i) {
    f.steady += std::chrono::microseconds(300);
    f.clock.now();
  }
  EXPECT_EQ(f.clock.now(), f.start + seconds(33));
}

TEST(DeadlineClock, NeverGoesBackByASlew) {
  Fixture f;
  f.wall.advance(-milliseconds(20));
  EXPECT_EQ(f.clock.now(), f.start);
}

TEST(DeadlineClock, TakesATestsClockAsItIs) {
  ManualClock manual{SystemTime(hours(1))};
  DeadlineClock clock(manual);
  clock.now();
  manual.set(SystemTime(hours(0)));
  EXPECT_EQ(clock.now(), manual.now());
}

}  // namespace
}  // namespace ads::cloud
