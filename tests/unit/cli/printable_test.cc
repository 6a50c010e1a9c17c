#include "cli/printable.h"

#include <gtest/gtest.h>

namespace ads::cli {
namespace {

struct Case {
  const char* name;
  std::string text, field, lines;
};
const Case kCases[] = {
    {"letters", "Zoë 名前 🙂", "Zoë 名前 🙂", "Zoë 名前 🙂"},
    {"backslash", "C:\\new", "C:\\new", "C:\\new"},
    {"layout", "a\n\tb", "a\\n\\tb", "a\n\tb"},
    {"carriage return", "good\rbad", "good\\rbad", "good\\rbad"},
    {"color and title", "\x1b[31mred\x1b]0;x\x07", "\\u001b[31mred\\u001b]0;x\\u0007",
     "\\u001b[31mred\\u001b]0;x\\u0007"},
    {"NUL and DEL", std::string("a\0b\x7f", 4), "a\\u0000b\\u007f", "a\\u0000b\\u007f"},
    {"C1's CSI in UTF-8",
     "\xc2\x9b"
     "31m",
     "\\u009b31m", "\\u009b31m"},
    {"C1's CSI as a byte",
     "\x9b"
     "31m",
     "\\x9b31m", "\\x9b31m"},
    {"right-to-left override", "user\u202efdp.exe", "user\\u202efdp.exe", "user\\u202efdp.exe"},
    {"isolates and marks", "\u2066\u2069\u200e\u200f\u061c", "\\u2066\\u2069\\u200e\\u200f\\u061c",
     "\\u2066\\u2069\\u200e\\u200f\\u061c"},
    {"line separator", "a\u2028b", "a\\u2028b", "a\\u2028b"},
    {"joiners are letters' business", "\u0645\u200c\u0646", "\u0645\u200c\u0646", "\u0645\u200c\u0646"},
    {"Latin-1", "M\xfcller", "M\\xfcller", "M\\xfcller"},
    {"overlong ESC", "\xc0\x9b", "\\xc0\\x9b", "\\xc0\\x9b"},
    {"surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80", "\\xed\\xa0\\x80"},
    {"cut off in a character", "\xe5\x90", "\\xe5\\x90", "\\xe5\\x90"},
};

TEST(Printable, ShowsControlsAsEscapes) {
  for (const Case& one : kCases) {
    EXPECT_EQ(printable(one.text), one.field) << one.name;
    EXPECT_EQ(printable_lines(one.text), one.lines) << one.name;
  }
}

TEST(Printable, JsonStaysTheSameDocument) {
  EXPECT_EQ(printable_json("{\n  \"key\": \"a\u202eb\u009b\x7f\"\n}"), "{\n  \"key\": \"a\\u202eb\\u009b\\u007f\"\n}");
  EXPECT_EQ(printable_json("\"\xff\""), "\"\\ufffd\"");
}

}  // namespace
}  // namespace ads::cli
