#include "cli/text_width.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ads::cli {
namespace {

using testing::ElementsAre;

TEST(Width, CountsColumns) {
  EXPECT_EQ(width_of(""), 0u);
  EXPECT_EQ(width_of("äöü"), 3u);
  EXPECT_EQ(width_of("名前"), 4u);
  EXPECT_EQ(width_of("e\u0301"), 1u);  // a combining accent
  EXPECT_EQ(width_of("\xff"), 1u);
}

TEST(Cut, KeepsCharactersWhole) {
  EXPECT_EQ(cut("abc", 5), "abc");
  EXPECT_EQ(cut("abcdef", 3), "abc");
  EXPECT_EQ(cut("äöü", 2), "äö");
  EXPECT_EQ(cut("名前", 3), "名");
  EXPECT_EQ(cut("", 0), "");
}

TEST(Shortened, SaysThatMoreWasThere) {
  EXPECT_EQ(shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(shortened("abcdefg", 6), "abc...");
  EXPECT_EQ(shortened("abcdefg", 2), "ab");
}

TEST(Wrapped, BreaksAtSpaces) {
  EXPECT_THAT(wrapped("one two three", 8), ElementsAre("one two", "three"));
  EXPECT_THAT(wrapped("one\ntwo", 80), ElementsAre("one", "two"));
  EXPECT_THAT(wrapped("a-word-that-is-long b", 5), ElementsAre("a-word-that-is-long", "b"));
  EXPECT_THAT(wrapped("  an example keeps its line", 5), ElementsAre("  an example keeps its line"));
  EXPECT_THAT(wrapped("", 5), ElementsAre(""));
}

TEST(Folded, IndentsWhatContinuesALine) {
  EXPECT_THAT(folded("a   b  c", 8), ElementsAre("a   b  c")) << "a line that fits keeps its columns";
  EXPECT_THAT(folded("a   bb  cc dd", 8), ElementsAre("a   bb", "  cc dd"));
  EXPECT_THAT(folded("  + user added", 10), ElementsAre("  + user", "    added"));
  EXPECT_THAT(folded("0123456789abcdef  file", 10), ElementsAre("0123456789abcdef", "  file"))
      << "an id that is too long stays whole";
  EXPECT_THAT(folded("file  0123456789abcdef  x", 10), ElementsAre("file", "  0123456789abcdef", "  x"));
  EXPECT_THAT(folded("ab   ", 3), ElementsAre("ab")) << "blanks at the end need no row";
  EXPECT_THAT(folded("", 3), ElementsAre(""));
  EXPECT_THAT(folded("    ", 3), ElementsAre("    "));
  EXPECT_THAT(folded("ä 名前 x", 6), ElementsAre("ä 名前", "  x"));
}

}  // namespace
}  // namespace ads::cli
