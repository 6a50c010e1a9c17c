// What people's programs write: each way that is read right, beside its nearest neighbor that is not.
#include <gtest/gtest.h>

#include "batch/reader.h"
#include "unit/batch/read_lines.h"

namespace ads::batch {
namespace {

using namespace std::string_literals;

struct Case {
  const char* name;
  std::string input;
  std::string lines;
};

const std::string kUuid = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
const std::string kNote = "status_code,retry_count,service_uuid,note\n";
const std::string kShifted = "id,status_code,retry_count,service_uuid\n";

const Case kCases[] = {
    {"semicolons", "status_code;retry_count;service_uuid\n503;0;a\n", "header | record 503 0 a"},
    {"semicolons without a header", "503;0;a\n200;1;b\n", "record 503 0 a | record 200 1 b"},
    {"tabs", "503\t0\ta\n200\t1\t b \n", "record 503 0 a | record 200 1 b"},
    {"tabs and an empty first column", "x\tstatus_code\tretry_count\tservice_uuid\n\t503\t0\ta\n",
     "header | record 503 0 a"},
    {"bars", "503|0|a\n", "record 503 0 a"},
    {"another separator in a later line", "503;0;a\n503,0,b\n", "record 503 0 a | bad FIELD_COUNT"},
    {"the separator in a quoted field", kNote + "503,0,a,\"x,y\"\n", "header | record 503 0 a"},
    {"sep line", "sep=;\r\nservice_uuid;status_code;retry_count\r\na;503;0\r\n", "header | header | record 503 0 a"},
    {"sep line in a later line", "503,0,a\nsep=,\n", "record 503 0 a | bad FIELD_COUNT"},
    {"comments above the header", "# exported\n# by us\n" + kNote + "503,0,a\n",
     "header | header | header | record 503 0 a"},
    {"comments above records", "# exported\n503,0,a\n", "header | record 503 0 a"},
    {"a comment below the header", kNote + "# no\n", "header | bad FIELD_COUNT"},
    {"blank lines above the header", "\n\r\n,,\n" + kNote + "503,0,a\n",
     "blank | blank | blank | header | record 503 0 a"},
    {"camel case", "serviceUUID,statusCode,retryCount\na,503,0\n", "header | record 503 0 a"},
    {"CR", "status_code,retry_count,service_uuid\r503,0,a\r\r200,0,b\r",
     "header | record 503 0 a | blank | record 200 0 b"},
    {"CR without the last one", "503,0,a\r200,0,b", "record 503 0 a | record 200 0 b"},
    {"CR with a byte-order mark",
     "\xef\xbb\xbf"
     "503,0,a\r200,0,b\r",
     "record 503 0 a | record 200 0 b"},
    {"CR, then CRLF", "503,0,a\r200,0,b\r404,0,c\r\n404,0,d\r\n",
     "record 503 0 a | record 200 0 b | record 404 0 c | record 404 0 d | blank"},
    {"CR CR LF", "503,0,a\r\r\n200,0,b\r\r\n", "record 503 0 a | record 200 0 b"},
    {"LF CR", "503,0,a\n\r200,0,b\n\r", "record 503 0 a | record 200 0 b | blank"},

    {"empty fields at the end", "503,0,a,\n503,0,a,,,\n503,0,a,\"\", \n",
     "record 503 0 a | record 503 0 a | record 503 0 a"},
    {"a further field without a header", "503,0,a,x\n", "bad FIELD_COUNT"},
    {"further fields missing", kNote + "503,0,a\n", "header | record 503 0 a"},
    {"further fields missing before one that counts", "service_uuid,note,status_code,retry_count\na,x,503\n",
     "header | bad FIELD_COUNT"},
    {"more fields than the header behind a note", kNote + "503,0,a,hello, world\n", "header | record 503 0 a"},
    {"more fields than the header where one that counts may have moved", kShifted + "7,503,0,a,b\n",
     "header | bad FIELD_COUNT"},
    {"more fields than a header of three", "status_code,retry_count,service_uuid\n503,0,0,a\n",
     "header | bad FIELD_COUNT"},
    {"more empty fields than the header", kShifted + "7,503,0,a,,\n", "header | record 503 0 a"},
    {"rows of separators", kNote + ",,,\n,,\n , ,\xc2\xa0,\n\"\",\"\",\"\"\n",
     "header | blank | blank | blank | blank"},
    {"a row with one value is not blank", ",,a\n", "bad STATUS_NOT_INT"},
    {"a further column in Latin-1", kNote + "503,0,a,Zo\xeb\n503,0,b,\xa0\n",
     "header | record 503 0 a | record 503 0 b"},
    {"Latin-1 before the columns that count", kShifted + "Zo\xeb,503,0,a\n", "header | record 503 0 a"},
    {"a column that counts in Latin-1", kNote + "503,0,Zo\xeb,x\n", "header | bad BAD_UTF8"},
    {"a wrong status beside a note in Latin-1", kNote + "5o3,0,a,Zo\xeb\n", "header | bad STATUS_NOT_INT"},
    {"NUL in a further column", kNote + "503,0,a,\0\n"s, "header | record 503 0 a"},
    {"NUL in a column that counts", kNote + "503,0,\0,x\n"s, "header | bad NUL"},
    {"a further column with a broken quote", kNote + "503,0,a,\"x\n", "header | record 503 0 a"},
    {"a broken quote before the columns that count", kShifted + "\"x,503,0,a\n", "header | bad FIELD_COUNT"},
    {"a long further column", kNote + "503,0,a," + std::string(9000, 'x') + "\n503,0,b\n",
     "header | record 503 0 a | record 503 0 b"},
    {"a long further column before the columns that count", kShifted + std::string(9000, 'x') + ",503,0,a\n",
     "header | bad LINE_TOO_LONG"},
    {"a service UUID at the edge of what is looked at",
     "id,status_code,retry_count,service_uuid,note\n" + std::string(4096 - 9, 'x') + ",503,0,a,note\n" +
         std::string(4096 - 8, 'x') + ",503,0,a,note\n",
     "header | record 503 0 a | bad LINE_TOO_LONG"},
    {"a long line without a header", "503,0,a," + std::string(9000, 'x') + "\n", "bad FIELD_COUNT"},
    {"a long line with a wrong status", kNote + "5o3,0,a," + std::string(9000, 'x') + "\n",
     "header | bad STATUS_NOT_INT"},

    {"no-break space",
     "503,0,\xc2\xa0"
     "a\xc2\xa0\n\xc2\xa0"
     "503\xc2\xa0,0,a\n",
     "record 503 0 a | record 503 0 a"},
    {"no-break space of Latin-1",
     "503,0,\xa0"
     "a\xa0\n",
     "record 503 0 a"},
    {"zero-width space and direction marks",
     "503,\xe2\x80\x8b"
     "0,\xe2\x80\xaa"
     "a\xe2\x80\xac\xe2\x80\x8e\n",
     "record 503 0 a"},
    {"no-break space around quotes", "503,0,\xc2\xa0\"a\"\xc2\xa0\n", "record 503 0 a"},
    {"no-break space inside",
     "503,0,a\xc2\xa0"
     "b\n",
     "bad UUID_SYNTAX"},
    {"a letter whose last byte is that of a no-break space", "503,0,\xc3\xa0\n", "bad UUID_SYNTAX"},
    {"whole decimals", "503.0,0.000,a\n5.03E2,1e0,a\n50300e-2,10E-1,a\n503.,.0,a\n",
     "record 503 0 a | record 503 1 a | record 503 1 a | record 503 0 a"},
    {"decimals that are not whole", "503.5,0,a\n503,0.1,a\n5.031E2,0,a\n503e-1,0,a\n",
     "bad STATUS_NOT_INT | bad RETRY_NOT_INT | bad STATUS_NOT_INT | bad STATUS_NOT_INT"},
    {"decimals that are not numbers", ".,0,a\n503e,0,a\n503.0.0,0,a\n0x1f7,0,a\n",
     "bad STATUS_NOT_INT | bad STATUS_NOT_INT | bad STATUS_NOT_INT | bad STATUS_NOT_INT"},
    {"a huge exponent", "1e999999999999,0,a\n0e999999999999,0,a\n1e-999999999999,0,a\n",
     "bad STATUS_RANGE | bad STATUS_RANGE | bad STATUS_NOT_INT"},
    {"a decimal comma", "503,0;0,00;a\n\"503,0\";0;a\n", "record 503 0 a | record 503 0 a"},
    {"a comma that may part thousands", "503;1,000;a\n", "bad RETRY_NOT_INT"},
    {"the end of a file under DOS", "503,0,a\r\n\x1a", "record 503 0 a | blank"},
    {"the end of a file under DOS, padded", "503,0,a\r\n\x1a\x1a\x1a\x1a", "record 503 0 a | blank"},
    {"the end of a file under DOS without a last line end", "503,0,a\x1a", "record 503 0 a"},
    {"the end of a file under DOS behind JSON Lines",
     "{\"statusCode\":503,\"retryCount\":1,\"serviceUUID\":\"a\"}\r\n\x1a", "record 503 1 a | blank"},

    {"JSON numbers as strings", R"({"statusCode":"503","retryCount":" 1 ","serviceUUID":" a "})", "record 503 1 a"},
    {"JSON whole decimals", R"({"statusCode":503.0,"retryCount":1e0,"serviceUUID":"a"})", "record 503 1 a"},
    {"JSON decimals as strings", R"({"statusCode":"503.0","retryCount":"0.5","serviceUUID":"a"})", "bad RETRY_NOT_INT"},
    {"JSON names with underscores", R"({"status_code":503,"retry_count":1,"service_uuid":"a"})", "record 503 1 a"},
    {"JSON names of any case, with blanks and hyphens", R"({"Status Code":503,"RETRY-COUNT":1,"serviceUuid":"a"})",
     "record 503 1 a"},
    {"JSON names in two spellings, one ours", R"({"status_code":1,"statusCode":503,"retryCount":1,"serviceUUID":"a"})",
     "record 503 1 a"},
    {"JSON names in two spellings, none ours", R"({"status_code":1,"StatusCode":503,"retryCount":1,"serviceUUID":"a"})",
     "bad FIELD_COUNT"},
    {"JSON with a blank first line", "\n{\"statusCode\":503,\"retryCount\":1,\"serviceUUID\":\"a\"}\n",
     "blank | record 503 1 a"},
    {"JSON with a further member in Latin-1",
     "{\"statusCode\":503,\"retryCount\":1,\"serviceUUID\":\"a\",\"n\":\"Zo\xeb\"}", "record 503 1 a"},
    {"JSON with an id in Latin-1", "{\"statusCode\":503,\"retryCount\":1,\"serviceUUID\":\"Zo\xeb\"}", "bad BAD_UTF8"},

    {"a GUID in braces", "503,0,{" + kUuid + "}\n", "record 503 0 " + kUuid},
    {"a GUID in parentheses", "503,0,(" + kUuid + ")\n", "record 503 0 " + kUuid},
    {"a GUID as a URN", "503,0,urn:uuid:" + kUuid + "\n503,0,URN:UUID:" + kUuid + "\n",
     "record 503 0 " + kUuid + " | record 503 0 " + kUuid},
    {"a GUID without hyphens, as it is", "503,0,6F9619FF8B86D011B42D00C04FC964FF\n",
     "record 503 0 6F9619FF8B86D011B42D00C04FC964FF"},
    {"braces around what is not a GUID", "503,0,{a}\n", "bad UUID_SYNTAX"},
    {"one brace", "503,0,{" + kUuid + "\n", "bad UUID_SYNTAX"},
    {"a URN of what is not a GUID", "503,0,urn:uuid:a\n", "record 503 0 urn:uuid:a"},
    {"a GUID in braces in JSON", "{\"statusCode\":503,\"retryCount\":1,\"serviceUUID\":\"{" + kUuid + "}\"}",
     "record 503 1 " + kUuid},
};

TEST(ReaderKinds, SaysWhatEachLineIs) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    auto lines = read_all(c.input);
    EXPECT_EQ(summary(lines), c.lines);
    EXPECT_EQ(covered(c.input, lines), c.input);
  }
}

TEST(ReaderKinds, SaysTheSameWhereverTheInputIsCut) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    auto whole = read_all(c.input);
    std::string_view text = c.input;
    std::size_t step = text.size() > 3000 ? 97 : 1;
    for (std::size_t cut = 0; cut <= text.size(); cut += step)
      ASSERT_EQ(read_pieces({text.substr(0, cut), text.substr(cut)}), whole) << "cut at " << cut;
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < text.size(); ++i) bytes.push_back(text.substr(i, 1));
    EXPECT_EQ(read_pieces(bytes), whole);
  }
}

TEST(ReaderKinds, EachLineBelongsToExactlyOneShard) {
  for (const Case& c : kCases) {
    if (c.input.size() > 500) continue;
    SCOPED_TRACE(c.name);
    std::string_view text = c.input;
    auto whole = read_all(text);
    Layout layout = read_layout(text);
    for (std::uint64_t cut = 1; cut < text.size(); ++cut) {
      Shard first{0, 0, cut}, second{1, cut, text.size()};
      auto lines = read_all(text, ReadRange::of(first, layout));
      auto rest = read_all(text.substr(read_from(second)), ReadRange::of(second, layout));
      lines.insert(lines.end(), rest.begin(), rest.end());
      ASSERT_EQ(lines, whole) << "cut at " << cut;
    }
  }
}

TEST(ReaderKinds, ResumesBehindEachLine) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    auto whole = read_all(c.input);
    Layout layout = *parse_layout(to_string(read_layout(c.input)));
    for (std::size_t done = 1; done < whole.size(); ++done) {
      std::uint64_t offset = whole[done].offset;
      auto rest = read_all(std::string_view(c.input).substr(offset), ReadRange::resume(offset, kToEnd, layout));
      ASSERT_EQ(rest, std::vector(whole.begin() + static_cast<std::ptrdiff_t>(done), whole.end()));
    }
  }
}

TEST(ReaderKinds, WritesUuidsAsTheTableSpellsThem) {
  std::string upper = "6F9619FF-8B86-D011-B42D-00C04FC964FF";
  for (std::string id : {kUuid, upper, "{" + upper + "}", "urn:uuid:" + kUuid, "6f9619FF8b86d011b42d00c04fc964ff"s}) {
    std::string csv = "503,0," + id + "\n", quoted = "503,0,\"" + id + "\",\n";
    std::string json = R"({"statusCode":503,"retryCount":0,"serviceUUID":")" + id + "\"}\n";
    for (const std::string& input : {csv, quoted, json}) {
      for (auto [form, key] : {std::pair(UserKeyForm::uuid_lower, kUuid), {UserKeyForm::uuid_upper, upper}}) {
        BatchReader reader({}, form);
        Line line;
        reader.feed(input);
        ASSERT_EQ(reader.next(line), BatchReader::Step::line) << input;
        ASSERT_EQ(line.kind, Line::Kind::record) << input;
        EXPECT_EQ(line.service_uuid, key) << input;
      }
    }
  }
  for (std::string id : {"user-1"s, kUuid + "0", "6f9619ff-8b86-d011-b42d00c04fc964ff"s, std::string(36, 'g')}) {
    UuidText buffer;
    EXPECT_EQ(user_key(id, UserKeyForm::uuid_upper, buffer), id);
    EXPECT_FALSE(has_other_spelling(id));
  }
  EXPECT_TRUE(has_other_spelling(kUuid));
  EXPECT_TRUE(has_other_spelling("11111111111141118111111111111111")) << "hyphens are missing";
  EXPECT_FALSE(has_other_spelling("11111111-1111-4111-8111-111111111111")) << "no letter has a case";
}

TEST(ReaderKinds, SaysThatALongBadLineIsShownInPart) {
  std::string input = kNote + "5o3,0,a," + std::string(9000, 'x') + "\n";
  BatchReader reader;
  Line line;
  reader.feed(input);
  ASSERT_EQ(reader.next(line), BatchReader::Step::line);
  ASSERT_EQ(reader.next(line), BatchReader::Step::line);
  EXPECT_EQ(line.text.size(), kMaxLine);
  EXPECT_EQ(line.length, input.size() - kNote.size());
}

}  // namespace
}  // namespace ads::batch
