#include "batch/layout.h"

#include <gtest/gtest.h>

namespace ads::batch {
namespace {

struct Case {
  const char* name;
  std::string beginning;
  std::string layout;
};

const std::string kHeader = "service_uuid,retry_count,status_code";

const Case kCases[] = {
    {"nothing", "", "csv:0,1,2/3"},
    {"a byte-order mark", "\xef\xbb\xbf", "csv:0,1,2/3;body=3"},
    {"a record", "503,0,a\n", "csv:0,1,2/3"},
    {"a record behind a byte-order mark",
     "\xef\xbb\xbf"
     "503,0,a\n",
     "csv:0,1,2/3"},
    {"a header", kHeader + "\na,0,503", "csv:2,1,0/3;body=37"},
    {"a header alone", kHeader, "csv:2,1,0/3;body=36"},
    {"a header and CRLF", kHeader + "\r\n", "csv:2,1,0/3;body=38"},
    {"a header behind a byte-order mark", "\xef\xbb\xbf" + kHeader + "\n", "csv:2,1,0/3;body=40"},
    {"a header in the second line", "503,0,a\n" + kHeader + "\n", "csv:0,1,2/3"},
    {"semicolons", "503;0;a\n", "csv:0,1,2/3;separator=59"},
    {"semicolons in the header", "service_uuid;status_code;retry_count\n", "csv:1,2,0/3;separator=59;body=37"},
    {"tabs", "503\t0\ta\n", "csv:0,1,2/3;separator=9"},
    {"bars", "503|0|a\n", "csv:0,1,2/3;separator=124"},
    {"three fields that are not a record", "code;tries;user\n", "csv:0,1,2/3;separator=59"},
    {"a record decides before the number of fields", "503;0;a,b,c\n", "csv:0,1,2/3;separator=59"},
    {"a separator in quotes", "\"503\";\"0\";\"a\"\n", "csv:0,1,2/3;separator=59"},
    {"camel case", "serviceUUID,statusCode,retryCount\n", "csv:1,2,0/3;body=34"},
    {"blanks in names", "Status Code,Retry Count,Service UUID\n", "csv:0,1,2/3;body=37"},
    {"hyphens in names", "Status-Code,RETRY-COUNT,service-uuid\n", "csv:0,1,2/3;body=37"},
    {"no-break spaces in names", "Status\u00a0Code,\u00a0retry\u202fcount,service\u00a0uuid\n", "csv:0,1,2/3;body=43"},
    {"further columns", "id,Status Code,note,retrycount,serviceuuid,x\n", "csv:1,3,4/6;body=45"},
    {"a name missing", "status_code,retry_count\n", "csv:0,1,2/3"},
    {"a name twice", "status_code,retry_count,service_uuid,statusCode\n", "csv:0,1,2/3"},
    {"a sep line", "sep=;\nservice_uuid;status_code;retry_count\n", "csv:1,2,0/3;separator=59;body=43"},
    {"a sep line in quotes", "\"SEP=|\"\r\n503|0|a\r\n", "csv:0,1,2/3;separator=124;body=9"},
    {"a sep line with a tab", "sep=\t\n503\t0\ta\n", "csv:0,1,2/3;separator=9;body=6"},
    {"a sep line with an unusual separator", "sep=^\n503^0^a\n", "csv:0,1,2/3;separator=94;body=6"},
    {"a sep line that the header contradicts", "sep=;\nstatus_code,retry_count,service_uuid\n", "csv:0,1,2/3;body=43"},
    {"a sep line with a letter", "sep=a\n503,0,a\n", "csv:0,1,2/3"},
    {"blank lines and rows above", "\n \r\n,,\n;;\n" + kHeader + "\n", "csv:2,1,0/3;body=47"},
    {"comments above", "# exported\n\"# by x, y\"\n" + kHeader + "\n", "csv:2,1,0/3;body=60"},
    {"a comment that is the header", "#" + kHeader + "\na,0,503\n", "csv:2,1,0/3;body=38"},
    {"a comment that reads like the header, and the header",
     "# status_code,retry_count,service_uuid\n" + kHeader + "\n", "csv:2,1,0/3;body=76"},
    {"JSON Lines", "{\n", "jsonl"},
    {"JSON Lines behind blank lines and a comment", "\n# x\n{}\n", "jsonl;body=5"},
    {"a UUID in braces", "{6F9619FF-8B86-D011-B42D-00C04FC964FF},503,0\n", "csv:0,1,2/3"},
    {"a UUID in braces before semicolons", " {6f9619ff8b86d011b42d00c04fc964ff};503;0\n", "csv:0,1,2/3;separator=59"},
    {"a brace and no UUID", "{6f96:1}\n", "jsonl"},
    {"a JSON array", "[\n", "jsonl"},
    {"CR", "503,0,a\r200,0,b\r", "csv:0,1,2/3;end=cr"},
    {"CR and a header", kHeader + "\ra,0,503\rb,0,503", "csv:2,1,0/3;end=cr;body=37"},
    {"CR, and an LF at the very end", "503,0,a\r200,0,b\r404,0,c\r\n", "csv:0,1,2/3;end=cr"},
    {"one CR in the first line", "503,0,a\rb\n200,0,b\n", "csv:0,1,2/3"},
    {"CR CR LF", "503,0,a\r\r\n200,0,b\r\r\n", "csv:0,1,2/3"},
    {"JSON Lines with CR", "{}\r{}\r", "jsonl;end=cr"},
};

TEST(Layout, IsSeenInTheBeginningOfAFile) {
  for (const Case& c : kCases) EXPECT_EQ(to_string(read_layout(c.beginning)), c.layout) << c.name;
}

TEST(Layout, IsTheSameHoweverMuchMoreIsSeen) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    std::string text = c.beginning;
    Layout whole = read_layout(text);
    for (std::size_t size = 0; size <= text.size(); ++size)
      if (auto early = find_layout(std::string_view(text).substr(0, size), Rest::may_follow)) {
        EXPECT_EQ(*early, whole) << size;
      }
  }
}

TEST(Layout, IsDecidedWithinTheBeginning) {
  std::string blanks(kBeginning + 100, '\n');
  Layout layout = read_layout(blanks + kHeader + "\n");
  EXPECT_EQ(to_string(layout), "csv:0,1,2/3;body=65536");
  EXPECT_EQ(find_layout(blanks, Rest::may_follow), layout);
  std::string_view just_not = std::string_view(blanks).substr(0, kBeginning - 1);
  EXPECT_EQ(find_layout(just_not, Rest::may_follow), std::nullopt);
  std::string endless(kBeginning, 'x');
  EXPECT_EQ(to_string(*find_layout(endless, Rest::may_follow)), "csv:0,1,2/3");
  EXPECT_EQ(to_string(*find_layout("503,0,a\r" + endless, Rest::may_follow)), "csv:0,1,2/3;end=cr");
  std::string wide = kHeader + "," + std::string(kBeginning, 'x') + "\n";
  EXPECT_EQ(to_string(read_layout(wide)), "csv:0,1,2/3") << "a header ends within the beginning";
  wide = kHeader + "," + std::string(kBeginning - kHeader.size() - 2, 'x') + "\n";
  EXPECT_EQ(to_string(read_layout(wide)), "csv:2,1,0/4;body=65536");
}

TEST(Layout, SurvivesBeingWritten) {
  for (std::string text : {"csv:0,1,2/3", "csv:4,0,2/17", "jsonl", "csv:0,1,2/3;separator=59", "csv:0,1,2/3;end=cr",
                           "csv:1,2,0/9;separator=9;end=cr;body=65536", "jsonl;end=cr;body=7"}) {
    auto layout = parse_layout(text);
    ASSERT_TRUE(layout) << text;
    EXPECT_EQ(to_string(*layout), text);
  }
  for (std::string text : {"", "csv", "csv:", "csv:0,1,2", "csv:0,1,3/3", "csv:0,0,2/3", "csv:0,1,2/3x", "csv:-1,1,2/3",
                           "json", "jsonlx", "csv:0,1,2/3;separator=", "csv:0,1,2/3;separator=200",
                           "csv:0,1,2/3;body=x", "csv:0,1,2/3;body=1;end=cr", "jsonl;separator=59"})
    EXPECT_EQ(parse_layout(text).error().kind, ErrorKind::corrupt) << text;
}

}  // namespace
}  // namespace ads::batch
