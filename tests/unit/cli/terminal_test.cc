#include "cli/terminal.h"

#include <gtest/gtest.h>

namespace ads::cli {
namespace {

// What a screen of that kind writes while `act` is at it. Standard output is a file then: 24 rows, 80 columns.
std::string written(Screen::Kind kind, void (*act)(Screen&)) {
  testing::internal::CaptureStdout();
  {
    Screen screen(kind);
    act(screen);
    std::fflush(stdout);
  }
  return testing::internal::GetCapturedStdout();
}

void two_at_work_one_done(Screen& screen) {
  screen.show({{"a"}, {"b"}});
  screen.print({"done"});
  screen.show({{"b"}});
}

TEST(Screen, RedrawsWhatMovesBelowWhatStays) {
  EXPECT_EQ(written(Screen::Kind::terminal, two_at_work_one_done),
            "a\nb\n"
            "\x1b[2A\r\x1b[Jdone\na\nb\n"
            "\x1b[2A\r\x1b[Jb\n"
            "\x1b[1A\r\x1b[J");  // at its end nothing moving is left
}

TEST(Screen, APipeGetsOnlyWhatStays) {
  EXPECT_EQ(written(Screen::Kind::plain, two_at_work_one_done), "done\n");
  EXPECT_EQ(written(Screen::Kind::silent, two_at_work_one_done), "");
}

TEST(Screen, NeverScrollsWhatMovesOutOfSight) {
  auto text = written(Screen::Kind::terminal,
                      [](Screen& screen) { screen.show(std::vector<Line>(30, Line{std::string(200, 'x')})); });
  EXPECT_NE(text.find("  ... and 9 more\n\x1b[22A"), text.npos) << text;
  EXPECT_EQ(text.find(std::string(80, 'x')), text.npos) << "longer than a row";
}

TEST(Painted, OnlyWhereThereAreColours) {
  EXPECT_EQ(painted({"x", Tone::danger}, Paint::none), "x");
  EXPECT_EQ(painted({"x", Tone::danger}, Paint::colours), "\x1b[1;31mx\x1b[0m");
  EXPECT_EQ(painted({"x"}, Paint::colours), "x");
}

TEST(Painted, ControlsInTheTextAreEscapes) {
  EXPECT_EQ(painted({"a\x1b[0mb", Tone::good}, Paint::colours), "\x1b[32ma\\u001b[0mb\x1b[0m");
}

}  // namespace
}  // namespace ads::cli
