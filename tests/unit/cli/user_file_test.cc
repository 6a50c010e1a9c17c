#include "cli/user_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "temporary_directory.h"

namespace ads::cli {
namespace {

struct Fixture {
  std::string write(std::string_view text) {
    std::string path = directory.path() / "users";
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  // "serviceUUID/status" of every row, then "!" and the error's message where reading stopped.
  std::string read(std::string_view text) {
    auto file = UserFile::open(write(text));
    if (!file) return "!" + file.error().message;
    std::string all;
    for (;;) {
      auto row = file->next();
      if (!row) return all + "!" + row.error().message;
      if (!*row) return all;
      all += (**row)["serviceUUID"] + "/" + (**row)["status"] + " ";
    }
  }
  testing::TemporaryDirectory directory;
};

TEST(UserFile, ReadsBothForms) {
  struct Case {
    const char *name, *text, *rows;
  };
  Fixture f;
  for (Case c :
       {Case{"csv", "serviceUUID,status\na,Active\nb,Off\n", "a/Active b/Off "},
        Case{"columns in any order, quotes, CRLF", "status,x,serviceUUID\r\n\"Act\"\"ive\",\"1,2\",a\r\n",
             "a/Act\"ive "},
        Case{"byte-order mark", "\xef\xbb\xbfserviceUUID,status\na,1\n", "a/1 "},
        Case{"blank lines, no last newline", "serviceUUID,status\n\na,1", "a/1 "},
        Case{"json lines", "{\"serviceUUID\":\"a\",\"status\":\"Active\",\"n\":1}\n\n{\"serviceUUID\":\"b\"}\n",
             "a/Active b/ "},
        Case{"empty", "", ""}})
    EXPECT_EQ(f.read(c.text), c.rows) << c.name;
}

TEST(UserFile, NamesTheLineThatIsWrong) {
  struct Case {
    const char *name, *text, *said;
  };
  Fixture f;
  for (Case c : {Case{"no key column", "id,status\na,1\n", "has no column serviceUUID"},
                 Case{"too few fields", "serviceUUID,status\na\n", "line 2: 1 fields, but the header names 2"},
                 Case{"no key", "serviceUUID,status\na,1\n,1\n", "line 3: no serviceUUID"},
                 Case{"open quote", "serviceUUID,status\n\"a,1\n", "line 2: a quoted field is not closed"},
                 Case{"no json", "{\"serviceUUID\":\"a\"}\nnope\n", "line 2: not JSON"}})
    EXPECT_NE(f.read(c.text).find(c.said), std::string::npos) << c.name << ": " << f.read(c.text);
  EXPECT_EQ(UserFile::open("/nowhere").error().code, "NoFile");
}

}  // namespace
}  // namespace ads::cli
