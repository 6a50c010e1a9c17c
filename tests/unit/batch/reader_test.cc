#include "batch/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/batch/read_lines.h"

namespace ads::batch {
namespace {

struct Case {
  const char* name;
  std::string input;
  std::string lines;
};

using namespace std::string_literals;

const Case kCases[] = {
    {"an empty file", "", ""},
    {"one record", "503,0,u-1\n", "record 503 0 u-1"},
    {"no last newline", "503,0,u-1", "record 503 0 u-1"},
    {"CRLF", "503,0,u-1\r\n200,1,u-2\r\n", "record 503 0 u-1 | record 200 1 u-2"},
    {"CRLF without the last LF", "503,0,u-1\r\n200,1,u-2\r", "record 503 0 u-1 | record 200 1 u-2"},
    {"LF and CRLF mixed", "503,0,u-1\n200,1,u-2\r\n", "record 503 0 u-1 | record 200 1 u-2"},
    {"blank lines", "\n503,0,u-1\n\r\n  \t \n", "blank | record 503 0 u-1 | blank | blank"},
    {"only a newline", "\n", "blank"},
    {"byte-order mark",
     "\xef\xbb\xbf"
     "503,0,u-1\n",
     "record 503 0 u-1"},
    {"byte-order mark alone", "\xef\xbb\xbf", "blank"},
    {"byte-order mark and header", "\xef\xbb\xbfstatus_code,retry_count,service_uuid\n503,0,a\n",
     "header | record 503 0 a"},
    {"byte-order mark on a later line: two files, one behind the other",
     "503,0,a\n\xef\xbb\xbf"
     "503,0,a\n",
     "record 503 0 a | record 503 0 a"},
    {"header", "status_code,retry_count,service_uuid\n503,0,a\n", "header | record 503 0 a"},
    {"header alone", "status_code,retry_count,service_uuid", "header"},
    {"header in another order", "service_uuid,status_code,retry_count\na,503,0\n", "header | record 503 0 a"},
    {"header with capitals, blanks and quotes", " \"Status_Code\" ,RETRY_COUNT,service_uuid \n503,0,a\n",
     "header | record 503 0 a"},
    {"header with extra columns", "id,service_uuid,note,retry_count,status_code\n7,a,\"x,y\",2,404\n",
     "header | record 404 2 a"},
    {"too few columns for the header", "note,service_uuid,retry_count,status_code\na,2,404\n",
     "header | bad FIELD_COUNT"},
    {"more columns than the header", "service_uuid,retry_count,status_code\na,2,404,x\n", "header | bad FIELD_COUNT"},
    {"header with a column missing is no header", "status_code,retry_count\n", "bad FIELD_COUNT"},
    {"header with a column twice is no header", "status_code,retry_count,service_uuid,status_code\n503,0,a\n",
     "bad FIELD_COUNT | record 503 0 a"},
    {"header in the second line is a bad line", "503,0,a\nstatus_code,retry_count,service_uuid\n",
     "record 503 0 a | bad STATUS_NOT_INT"},
    {"header after a blank line", "\nservice_uuid,status_code,retry_count\na,503,0\n",
     "blank | header | record 503 0 a"},
    {"blanks around fields", " 503 ,\t0 , u-1 \n", "record 503 0 u-1"},
    {"quoted fields", "\"503\",\"0\",\"u-1\"\n", "record 503 0 u-1"},
    {"blanks around and in quotes", " \"503\" , \" 0 \" ,\"u-1\"\n", "record 503 0 u-1"},
    {"an escaped quote", "503,0,\"u\"\"1\"\n", "bad UUID_SYNTAX"},
    {"a quote that isn't closed", "503,0,\"u-1\n200,0,u-2\n", "bad FIELD_COUNT | record 200 0 u-2"},
    {"text after a closing quote", "503,0,\"u\"1\n", "bad FIELD_COUNT"},
    {"a comma inside quotes", "503,0,\"u,1\"\n", "bad UUID_SYNTAX"},
    {"two fields", "503,0\n", "bad FIELD_COUNT"},
    {"four fields", "503,0,u-1,x\n", "bad FIELD_COUNT"},
    {"a comma at the end", "503,0,u-1,\n503,0,u-1,,,\n", "record 503 0 u-1 | record 503 0 u-1"},
    {"status empty", ",0,u-1\n", "bad STATUS_NOT_INT"},
    {"status a word", "abc,0,u-1\n", "bad STATUS_NOT_INT"},
    {"status with a point", "503.5,0,u-1\n", "bad STATUS_NOT_INT"},
    {"status a lone sign", "-,0,u-1\n", "bad STATUS_NOT_INT"},
    {"status 99", "99,0,u-1\n", "bad STATUS_RANGE"},
    {"status 100", "100,0,u-1\n", "record 100 0 u-1"},
    {"status 599", "599,0,u-1\n", "record 599 0 u-1"},
    {"status 600", "600,0,u-1\n", "bad STATUS_RANGE"},
    {"status negative", "-503,0,u-1\n", "bad STATUS_RANGE"},
    {"status beyond 64 bits", "99999999999999999999999,0,u-1\n", "bad STATUS_RANGE"},
    {"status with leading zeros", "00000503,0,u-1\n", "record 503 0 u-1"},
    {"status with a plus", "+503,0,u-1\n", "record 503 0 u-1"},
    {"retry count empty", "503,,u-1\n", "bad RETRY_NOT_INT"},
    {"retry count a word", "503,x,u-1\n", "bad RETRY_NOT_INT"},
    {"retry count negative", "503,-1,u-1\n", "bad RETRY_RANGE"},
    {"retry count minus zero", "503,-0,u-1\n", "record 503 0 u-1"},
    {"retry count 1000", "503,1000,u-1\n", "record 503 1000 u-1"},
    {"retry count 1001", "503,1001,u-1\n", "bad RETRY_RANGE"},
    {"uuid empty", "503,0,\n", "bad UUID_SYNTAX"},
    {"uuid of all kinds", "503,0,Az09-_.:\n", "record 503 0 Az09-_.:"},
    {"uuid with a blank", "503,0,a b\n", "bad UUID_SYNTAX"},
    {"uuid with a CR inside", "503,0,a\rb\n", "bad UUID_SYNTAX"},
    {"uuid of 128", "503,0," + std::string(128, 'a') + "\n", "record 503 0 " + std::string(128, 'a')},
    {"uuid of 129", "503,0," + std::string(129, 'a') + "\n", "bad UUID_SYNTAX"},
    {"uuid with letters beyond ASCII", "503,0,\xc3\xa4\n", "bad UUID_SYNTAX"},
    {"the first wrong field decides", "abc,x,\n", "bad STATUS_NOT_INT"},
    {"bytes that are not UTF-8", "503,0,\xff\n", "bad BAD_UTF8"},
    {"half a character", "503,0,\xc3\n", "bad BAD_UTF8"},
    {"a surrogate", "503,0,\xed\xa0\x80\n", "bad BAD_UTF8"},
    {"an overlong slash", "503,0,\xc0\xaf\n", "bad BAD_UTF8"},
    {"NUL", "503,0,a\0b\n"s, "bad NUL"},
    {"NUL alone", "\0\n"s, "bad NUL"},
    {"NUL before bad UTF-8", "\xff\0\n"s, "bad NUL"},
    {"NUL in an extra column", "status_code,retry_count,service_uuid,x\n503,0,a,\0\n"s, "header | record 503 0 a"},
    {"bad UTF-8 in an extra column", "status_code,retry_count,service_uuid,x\n503,0,a,\xff\n",
     "header | record 503 0 a"},
    {"JSON Lines", "{\"statusCode\":503,\"retryCount\":1,\"serviceUUID\":\"u-1\"}\n", "record 503 1 u-1"},
    {"JSON members in any order, others ignored",
     "{ \"x\":[1,{}], \"serviceUUID\":\"u-1\", \"retryCount\":1 , \"statusCode\":503 } \r\n\n",
     "record 503 1 u-1 | blank"},
    {"JSON with a byte-order mark", "\xef\xbb\xbf{\"statusCode\":503,\"retryCount\":1,\"serviceUUID\":\"u\"}",
     "record 503 1 u"},
    {"JSON escapes", R"({"statusCode":503,"retryCount":1,"serviceUUID":"\u0075-1"})", "record 503 1 u-1"},
    {"CSV in a JSON file", "{}\n503,0,u-1\n", "bad FIELD_COUNT | bad BAD_JSON"},
    {"JSON in a CSV file", "503,0,u-1\n{}\n", "record 503 0 u-1 | bad FIELD_COUNT"},
    {"JSON cut short", "{\"statusCode\":503\n", "bad BAD_JSON"},
    {"JSON and more behind it", "{} {}\n", "bad BAD_JSON"},
    {"JSON array", "{}\n[503,0,\"u\"]\n", "bad FIELD_COUNT | bad BAD_JSON"},
    {"JSON member missing", "{\"statusCode\":503,\"serviceUUID\":\"u-1\"}\n", "bad FIELD_COUNT"},
    {"JSON status as text", R"({"statusCode":"5o3","retryCount":1,"serviceUUID":"u-1"})", "bad STATUS_NOT_INT"},
    {"JSON status with a point", R"({"statusCode":503.5,"retryCount":1,"serviceUUID":"u-1"})", "bad STATUS_NOT_INT"},
    {"JSON status null", R"({"statusCode":null,"retryCount":1,"serviceUUID":"u-1"})", "bad STATUS_NOT_INT"},
    {"JSON status out of range", R"({"statusCode":5030,"retryCount":1,"serviceUUID":"u-1"})", "bad STATUS_RANGE"},
    {"JSON status beyond 64 bits", R"({"statusCode":99999999999999999999,"retryCount":1,"serviceUUID":"u"})",
     "bad STATUS_RANGE"},
    {"JSON retry count true", R"({"statusCode":503,"retryCount":true,"serviceUUID":"u-1"})", "bad RETRY_NOT_INT"},
    {"JSON retry count negative", R"({"statusCode":503,"retryCount":-1,"serviceUUID":"u-1"})", "bad RETRY_RANGE"},
    {"JSON uuid a number", R"({"statusCode":503,"retryCount":1,"serviceUUID":17})", "bad UUID_SYNTAX"},
    {"JSON uuid with a blank", R"({"statusCode":503,"retryCount":1,"serviceUUID":"u 1"})", "bad UUID_SYNTAX"},
    {"JSON nested too deep", "{\"a\":" + std::string(2000, '[') + std::string(2000, ']') + "}", "bad BAD_JSON"},
    {"a line of 4096", "503,0,u-1" + std::string(4087, ' ') + "\n", "record 503 0 u-1"},
    {"a line of 4096 and CRLF", "503,0,u-1" + std::string(4087, ' ') + "\r\n", "record 503 0 u-1"},
    {"a line of 4097", "503,0,u-1" + std::string(4088, ' ') + "\n503,0,b\n", "bad LINE_TOO_LONG | record 503 0 b"},
    {"a line of 4097 without newline", "503,0,u-1" + std::string(4088, ' '), "bad LINE_TOO_LONG"},
    {"a line of 4097 and CRLF", "503,0,u-1" + std::string(4088, ' ') + "\r\n", "bad LINE_TOO_LONG"},
    {"a long blank line", std::string(5000, ' ') + "\n503,0,b\n" + std::string(5000, ' '),
     "blank | record 503 0 b | bad LINE_TOO_LONG"},
    {"a long header", std::string(5000, 'x') + ",service_uuid,status_code,retry_count\n,b,503,0\n",
     "header | record 503 0 b"},
    {"a long first line of JSON", "{" + std::string(5000, ' ') + "}\n{}\n", "bad LINE_TOO_LONG | bad FIELD_COUNT"},
};

TEST(Reader, SaysWhatEachLineIs) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    auto lines = read_all(c.input);
    EXPECT_EQ(summary(lines), c.lines);
    EXPECT_EQ(covered(c.input, lines), c.input);
  }
}

TEST(Reader, SaysTheSameWhereverTheInputIsCut) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    auto whole = read_all(c.input);
    std::string_view text = c.input;
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
      ASSERT_EQ(read_pieces({text.substr(0, cut), text.substr(cut)}), whole) << "cut at " << cut;
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < text.size(); ++i) bytes.push_back(text.substr(i, 1));
    EXPECT_EQ(read_pieces(bytes), whole);
  }
}

TEST(Reader, GivesOffsetsAndLengths) {
  auto lines = read_all(
      "\xef\xbb\xbf"
      "503,0,a\r\n\n200,0,b");
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0], (ReadLine{"record 503 0 a", 0, 12,
                                "\xef\xbb\xbf"
                                "503,0,a"}));
  EXPECT_EQ(lines[1], (ReadLine{"blank", 12, 1, ""}));
  EXPECT_EQ(lines[2], (ReadLine{"record 200 0 b", 13, 7, "200,0,b"}));
}

TEST(Reader, KeepsTheBeginningOfALineOfFiveMegabytes) {
  std::string text = "503,0," + std::string(5'000'000, 'a') + "\n200,0,b\n";
  std::vector<std::string_view> pieces;
  for (std::size_t i = 0; i < text.size(); i += 8000) pieces.push_back(std::string_view(text).substr(i, 8000));
  auto lines = read_pieces(pieces);
  ASSERT_EQ(summary(lines), "bad LINE_TOO_LONG | record 200 0 b");
  EXPECT_EQ(lines[0].length, 5'000'007u);
  EXPECT_EQ(lines[0].text, text.substr(0, 4096));
  EXPECT_EQ(lines[1].offset, 5'000'007u);
}

TEST(Reader, ExplainsABadLine) {
  struct {
    std::string input;
    const char* detail;
  } cases[] = {
      {"abc,0,u", "status code 'abc'"},
      {"777,0,u", "status code 777"},
      {"503,x,u", "retry count 'x'"},
      {"503,1001,u", "retry count 1001"},
      {"503,0,", "the service UUID is empty"},
      {"503,0," + std::string(200, 'a'), "the service UUID has 200 bytes"},
      {"503,0,a b", "service UUID 'a b'"},
      {"503", "1 field instead of 3"},
      {"503,0,\"u", "a quoted field does not end with a quote before a separator or the line's end"},
      {"503,0,\xff", "0xff at byte 6 of the line"},
      {"503,\0,u"s, "at byte 4 of the line"},
      {R"({"statusCode":"x","retryCount":1,"serviceUUID":"u"})", "status code '\"x\"'"},
      {R"({"retryCount":1,"serviceUUID":"u"})", "'statusCode' is missing"},
      {R"({"statusCode":503,"retryCount":1,"serviceUUID":17})", "service UUID 'not a string: 17'"},
      {"{} x", "extra data"},
  };
  for (const auto& c : cases) {
    BatchReader reader;
    Line line;
    reader.feed(c.input);
    reader.finish();
    ASSERT_EQ(reader.next(line), BatchReader::Step::line);
    EXPECT_EQ(line.kind, Line::Kind::bad);
    EXPECT_EQ(line.detail, c.detail);
  }
}

TEST(Reader, CutsALongWrongValueBetweenCharacters) {
  std::string umlauts;
  for (int i = 0; i < 100; ++i) umlauts += "\xc3\xa4";
  std::string input = umlauts + ",0,u";
  BatchReader reader;
  Line line;
  reader.feed(input);
  reader.finish();
  ASSERT_EQ(reader.next(line), BatchReader::Step::line);
  EXPECT_EQ(line.detail, "status code '" + umlauts.substr(0, 56) + "...'");
}

TEST(Reader, KnowsItsCheckpoint) {
  BatchReader reader;
  Line line;
  reader.feed("503,0,a\n200,0,b\n404,0");
  EXPECT_EQ(reader.offset(), 0u);
  ASSERT_EQ(reader.next(line), BatchReader::Step::line);
  EXPECT_EQ(reader.offset(), 8u);
  ASSERT_EQ(reader.next(line), BatchReader::Step::line);
  EXPECT_EQ(reader.offset(), 16u);
  EXPECT_EQ(reader.next(line), BatchReader::Step::need_more);
  EXPECT_EQ(reader.offset(), 16u) << "a line that isn't whole is not covered";
}

TEST(Reader, ResumesFromACheckpointWithTheLayoutOfTheHeader) {
  std::string text = "service_uuid,retry_count,status_code\na,0,503\nb,1,404\n";
  BatchReader first;
  Line line;
  first.feed(text);
  ASSERT_EQ(first.next(line), BatchReader::Step::line);
  ASSERT_EQ(first.next(line), BatchReader::Step::line);
  auto rest = read_all(std::string_view(text).substr(first.offset()),
                       ReadRange::resume(first.offset(), kToEnd, first.layout()));
  EXPECT_EQ(summary(rest), "record 404 1 b");
  EXPECT_EQ(rest[0].offset, 45u);
}

TEST(Reader, ResumingAtTheBeginningSeesTheHeaderAgain) {
  auto lines = read_all("status_code,retry_count,service_uuid\n503,0,a\n", ReadRange::resume(0, kToEnd, Layout{}));
  EXPECT_EQ(summary(lines), "header | record 503 0 a");
}

}  // namespace
}  // namespace ads::batch
