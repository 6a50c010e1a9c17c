#include "cli/input_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace ads::cli {
namespace {

TEST(InputFile, SaysWhyItCannotBeOpened) {
  const struct {
    std::string path, message;
  } cases[] = {
      {"/nowhere/x.csv", "cannot open /nowhere/x.csv: No such file or directory"},
      {"/tmp", "cannot open /tmp: it is a directory; name a file in it"},
      {"", "cannot open '': No such file or directory"},
  };
  for (const auto& one : cases) {
    InputFile file;
    auto opened = file.open(one.path);
    ASSERT_FALSE(opened) << one.path;
    EXPECT_EQ(opened.error().message, one.message);
    EXPECT_EQ(opened.error().code, "NoFile");
  }
}

TEST(InputFile, ReadsInPieces) {
  std::string path = testing::TempDir() + "input_file_test";
  std::ofstream(path) << "abcdefgh";
  InputFile file;
  ASSERT_TRUE(file.open(path));
  EXPECT_EQ(file.size(), 8u);
  EXPECT_EQ(file.read(5).value(), "abcde");
  EXPECT_EQ(file.read(5).value(), "fgh");
  EXPECT_EQ(file.read(5).value(), "");
  ::unlink(path.c_str());
}

TEST(InputFile, APipeIsReadToItsEndAndHasNoSize) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  int standard_input = ::dup(STDIN_FILENO);
  ::dup2(ends[0], STDIN_FILENO);
  ASSERT_EQ(::write(ends[1], "abc", 3), 3);
  ::close(ends[1]);
  InputFile file;
  ASSERT_TRUE(file.open("-"));
  EXPECT_FALSE(file.size());
  EXPECT_EQ(file.read(10).value(), "abc");
  EXPECT_EQ(file.name(), "standard input");
  EXPECT_EQ(file.rewind().error().message, "standard input cannot be read twice");
  ::dup2(standard_input, STDIN_FILENO);
  ::close(standard_input);
  ::close(ends[0]);
}

TEST(InputFile, IsReadAgainFromWhereItBegan) {
  std::string path = testing::TempDir() + "input_file_test";
  std::ofstream(path) << "line\nabc";
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "abc", 3), 3);
  ::close(ends[1]);
  int standard_input = ::dup(STDIN_FILENO), begun = ::open(path.c_str(), O_RDONLY);
  ::lseek(begun, 5, SEEK_SET);
  for (int descriptor : {ends[0], begun}) {  // a pipe is copied; a file whose first line another program has read
    ::dup2(descriptor, STDIN_FILENO);
    InputFile file;
    ASSERT_TRUE(file.open("-"));
    ASSERT_TRUE(file.make_repeatable());
    for (int i = 0; i < 2; ++i) {
      ASSERT_TRUE(file.rewind());
      EXPECT_EQ(file.read(10).value(), "abc");
    }
    ::close(descriptor);
  }
  ::dup2(standard_input, STDIN_FILENO);
  ::close(standard_input);
  ::unlink(path.c_str());
}

}  // namespace
}  // namespace ads::cli
