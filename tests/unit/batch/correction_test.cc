#include "batch/correction.h"

#include <gtest/gtest.h>

#include "batch/reader.h"
#include "batch/utf8.h"
#include "unit/batch/hostile_file.h"

namespace ads::batch {
namespace {

BadLine bad(std::string text, Reason reason = Reason::status_not_int, std::string detail = "why") {
  return {0, text.size() + 1, reason, std::move(detail), std::move(text), false, 7};
}

TEST(Correction, ShowsTheThreeFieldsAndWhatIsWrong) {
  Layout usual, turned;
  turned.status_column = 2;
  turned.uuid_column = 0;
  Layout json_lines{.format = Layout::Format::json_lines};
  struct {
    const char* name;
    BadLine line;
    Layout layout;
    std::string row;
  } cases[] = {
      {"a wrong field", bad("5o3,0,u"), usual, "5o3,0,u,7,STATUS_NOT_INT,why,\"5o3,0,u\"\n"},
      {"columns in another order", bad("u,0,5o3"), turned, "5o3,0,u,7,STATUS_NOT_INT,why,\"u,0,5o3\"\n"},
      {"fields are missing", bad("503", Reason::field_count), usual, "503,,,7,FIELD_COUNT,why,503\n"},
      {"quotes", bad("\"5\"\"3\",0,u"), usual, "\"5\"\"3\",0,u,7,STATUS_NOT_INT,why,\"\"\"5\"\"\"\"3\"\",0,u\"\n"},
      {"JSON", bad(R"({"statusCode":"x","retryCount":0})"), json_lines,
       "x,0,,7,STATUS_NOT_INT,why,\"{\"\"statusCode\"\":\"\"x\"\",\"\"retryCount\"\":0}\"\n"},
      {"no JSON", bad("oops", Reason::bad_json), json_lines, ",,,7,BAD_JSON,why,oops\n"},
      {"not UTF-8", bad("503,0,us\xff", Reason::bad_utf8), usual,
       "503,0,us\xef\xbf\xbd,7,BAD_UTF8,why,\"503,0,us\xef\xbf\xbd\"\n"},
      {"a formula", bad("=1+1", Reason::field_count, "=x"), usual, "=1+1,,,7,FIELD_COUNT,'=x,'=1+1\n"},
  };
  for (const auto& c : cases) EXPECT_EQ(correction_row(c.line, c.layout), c.row) << c.name;
}

TEST(Correction, ANumberThatIsNotKnownIsEmpty) {
  BadLine line = bad("x");
  line.number = 0;
  EXPECT_EQ(correction_row(line, {}), "x,,,,STATUS_NOT_INT,why,x\n");
}

// What was only refused by a service is a record again; what was corrected is one; what was not is as bad as before.
TEST(Correction, IsReadBackAsABatchFile) {
  std::string file = correction_header() + correction_row(bad("200,0,user-1", Reason::sender_fault), {}) +
                     correction_row(bad("5o3,1,user-2"), {}) +
                     correction_row(bad("503,0,\"a,b\"", Reason::uuid_syntax), {});
  auto read = [](const std::string& text) {
    std::string kinds;
    BatchReader reader;
    reader.feed(text);
    Line line;
    auto take = [&] {
      while (reader.next(line) == BatchReader::Step::line)
        kinds += line.kind == Line::Kind::header   ? "h"
                 : line.kind == Line::Kind::record ? std::to_string(line.status_code)
                                                   : " " + std::string(to_string(line.reason)) + " ";
    };
    take();
    reader.finish();
    take();
    return kinds;
  };
  EXPECT_EQ(read(file), "h200 STATUS_NOT_INT  UUID_SYNTAX ");
  file.replace(file.find("5o3"), 3, "503");
  file.replace(file.find("\"a,b\""), 5, "user-3");
  EXPECT_EQ(read(file), "h200503503");
}

TEST(Correction, EveryRowIsOneShortSafeLine) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    std::string text = HostileFile(seed).make(60);
    BatchReader reader;
    Line line;
    reader.feed(text);
    auto take = [&] {
      while (reader.next(line) == BatchReader::Step::line) {
        if (line.kind != Line::Kind::bad) continue;
        std::string row = correction_row(bad_line(line), reader.layout());
        ASSERT_EQ(row.find('\n'), row.size() - 1);
        ASSERT_LT(row.size(), kMaxLine);
        ASSERT_TRUE(is_utf8(row));
        for (char c : row.substr(0, row.size() - 1)) ASSERT_GE(static_cast<unsigned char>(c), 0x20);
      }
    };
    take();
    reader.finish();
    take();
  }
}

}  // namespace
}  // namespace ads::batch
