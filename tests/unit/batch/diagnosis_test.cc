#include "batch/diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ads::batch {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Beginning beginning_of(std::string_view content, std::size_t lines = kBeginningLines) {
  Beginning beginning(lines);
  BatchReader reader;
  reader.feed(content);
  Line line;
  while (reader.next(line) == BatchReader::Step::line) beginning.add(line);
  reader.finish();
  while (reader.next(line) == BatchReader::Step::line) beginning.add(line);
  beginning.set_layout(reader.layout());
  beginning.finish();
  return beginning;
}

std::string repeated(std::string_view line, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += line;
  return out;
}

struct Case {
  std::string name;
  std::string content;
  std::string cause, cure;  // parts of the sentence
};

class Refused : public testing::TestWithParam<Case> {};

TEST_P(Refused, SaysCauseAndCureInOneSentence) {
  const Case& c = GetParam();
  auto sentence = diagnose(beginning_of(c.content), 50);
  ASSERT_TRUE(sentence) << c.content;
  EXPECT_THAT(*sentence, AllOf(HasSubstr(c.cause), HasSubstr(c.cure)));
  EXPECT_TRUE(sentence->ends_with('.')) << *sentence;
  EXPECT_EQ(sentence->find('\n'), sentence->npos);
  EXPECT_LT(sentence->size(), 500u);
}

using namespace std::string_literals;

INSTANTIATE_TEST_SUITE_P(
    Diagnosis, Refused,
    testing::Values(
        Case{"OldExcel", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"s + std::string(100, '\0'), "Excel workbook (.xls)", "CSV"},
        Case{"Pdf", "%PDF-1.7\n%\xe2\xe3\n1 0 obj\n", "PDF", "export the records as CSV"},
        Case{"Rtf", "{\\rtf1\\ansi\n503,0,u\\par\n}", "Rich Text", "plain text"},
        Case{"Sqlite", "SQLite format 3\0\x10\0\n"s, "SQLite", "CSV"},
        Case{"Parquet", "PAR1\x15\x04\n"s, "Parquet", "CSV"},
        Case{"SevenZip", "7z\xbc\xaf\x27\x1c\0\x04\n"s, "7-Zip", "unpack"},
        Case{"Picture", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"s, "picture", "CSV"},
        Case{"Binary", "\x01\x02\0\x03\x04zz\n\x05\0\n"s, "binary data", "CSV"},
        Case{"Certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n", "certificate", "CSV"},
        Case{"Html", "\n<!DOCTYPE html>\n<html><head><title>Sign in</title>\n", "web page", "fetch the export again"},
        Case{"AwsXmlError",
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>Access "
             "Denied</Message></Error>\n",
             "error answer of AWS ('AccessDenied')", "fetch the file again"},
        Case{"AwsJsonError", R"({"__type":"ExpiredTokenException","message":"expired"})", "'ExpiredTokenException'",
             "fetch the file again"},
        Case{"AwsCliError", "An error occurred (NoSuchKey) when calling the GetObject operation: no\n", "'NoSuchKey'",
             "fetch the file again"},
        Case{"ExcelXml",
             "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook "
             "xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">\n",
             "Excel workbook (XML)", "CSV"},
        Case{"Xml", "<?xml version=\"1.0\"?>\n<records><r status=\"503\"/></records>\n", "XML document", "CSV"},
        Case{"JsonArray", "[\n{\"statusCode\":503,\"retryCount\":0,\"serviceUUID\":\"u\"},\n{}\n]\n", "JSON array",
             "one object per line"},
        Case{"JsonArrayInOneLine", "[{\"statusCode\":503,\"retryCount\":0,\"serviceUUID\":\"u\"}]", "JSON array",
             "jq -c"},
        Case{"JsonSpread", "{\n  \"statusCode\": 503,\n  \"retryCount\": 0,\n  \"serviceUUID\": \"u\"\n}\n",
             "spread over several lines", "one object per line"},
        Case{"JsonWrapped", R"({"records":[{"statusCode":503,"retryCount":0,"serviceUUID":"u"}]})",
             "the list 'records'", "one object per line"},
        Case{"JsonOtherMembers", repeated("{\"code\":503,\"tries\":0,\"id\":\"u\"}\n", 5),
             "have the members 'code', 'tries', 'id'", "need statusCode, retryCount and serviceUUID"},
        Case{"Quarantine",
             "{\"offset\":0,\"length\":5,\"reason\":\"NUL\",\"detail\":\"x\",\"line\":\"a\",\"truncated\":false}\n",
             "quarantine file", "ads quarantine"},
        Case{"UsersJson", "{\"serviceUUID\":\"u\",\"firstName\":\"Ada\"}\n", "file of users", "ads users import"},
        Case{"UsersCsv", "serviceUUID,firstName,lastName,status\nu-1,Ada,Lovelace,Active\n", "file of users",
             "ads users import"},
        Case{"Ldif", "dn: cn=Ada,dc=example\nobjectClass: person\n", "LDIF", "ads users import"},
        Case{"Csvde", "DN,objectClass,objectGUID\n\"CN=Ada,DC=x\",user,X'00'\n", "csvde", "ads users import"},
        Case{"Utf16WithoutMark",
             std::string("5\0"
                         "0\0"
                         "3\0"
                         ",\0"
                         "0\0"
                         ",\0"
                         "u\0"
                         "\n\0",
                         16),
             "UTF-16", "UTF-8"},
        Case{"ColumnsInAnotherOrder", repeated("6f9619ff-8b86-d011-b42d-00c04fc964ff,503,0\n", 20),
             "column 1 looks like service UUIDs, column 2 like status codes, column 3 like retry counts",
             "'service_uuid,status_code,retry_count' above them"},
        Case{"ColumnsInAnotherOrderWithMore", repeated("2026-11-22,0,503,user-1\n", 20),
             "column 2 looks like retry counts, column 3 like status codes, column 4 like service UUIDs",
             "'column_1,retry_count,status_code,service_uuid' above them"},
        Case{"HeaderNamesOthers", "user,code,tries\n" + repeated("user-1,503,0\n", 20),
             "names 'user', 'code', 'tries', but not status_code, retry_count, service_uuid",
             "rename its columns (column 1 looks like service UUIDs"},
        Case{"HeaderContradicts", "status_code,retry_count,service_uuid\n" + repeated("user-1,503,0\n", 20),
             "column 1 looks like service UUIDs", "let it name the columns as they stand"},
        Case{"HeaderLacksOne", "service_uuid,status_code,reason\n" + repeated("user-1,503,down\n", 20),
             "but not retry_count", "needs status_code, retry_count and service_uuid"},
        Case{"CommentAboveAHeaderOfOtherNames", "# exported, by us\nuser,code,tries\n" + repeated("user-1,503,0\n", 20),
             "The header names 'user', 'code', 'tries'", "rename its columns"},
        Case{"SemicolonsInAnotherOrder", repeated("user-1;503;0\n", 20), "column 1 looks like service UUIDs",
             "'service_uuid,status_code,retry_count' above them"},
        Case{"SpacesBetween", repeated("503 0 user-1\n", 20), "separated by a space", "write ','"},
        Case{"ColonsBetween", repeated("503:0:user-1\n", 20), "separated by ':'", "write ','"},
        Case{"CaretsBetween", repeated("503^0^user-1\n", 20), "separated by '^'", "write ','"},
        Case{"DatesAreNotUsers", repeated("22-11-2026,0,503,1111-22\n", 20), "column 4 like service UUIDs",
             "'column_1,retry_count,status_code,service_uuid' above them"},
        Case{"UuidsOfDigits", repeated("503^0^11111111-1111-1111-1111-111111111111\n", 20), "separated by '^'",
             "write ','"},
        Case{"UuidsOfDigitsWithoutHyphens", repeated("11111111111111111111111111111111,503,0\n", 20),
             "column 1 looks like service UUIDs", "'service_uuid,status_code,retry_count' above them"},
        Case{"UuidsInBraces", repeated("{11111111-1111-1111-1111-111111111111},503,0\n", 20),
             "column 1 looks like service UUIDs", "'service_uuid,status_code,retry_count' above them"},
        Case{"UuidsAsUrns", repeated("urn:uuid:11111111-1111-1111-1111-111111111111;503;0\n", 20),
             "column 1 looks like service UUIDs", "'service_uuid,status_code,retry_count' above them"},
        Case{"Lists", repeated("[200, 0, user-1]\n", 5), "lists in brackets", "status_code,retry_count,service_uuid"},
        Case{"OnlyUuids", repeated("6f9619ff-8b86-d011-b42d-00c04fc964ff\n", 20),
             "one field that looks like a service UUID", "three, status_code,retry_count,service_uuid"},
        Case{"OnlyNumbers", repeated("503\n", 20), "one field that is a number",
             "status_code,retry_count,service_uuid"},
        Case{"Prose", repeated("This is a letter about users\n", 20), "one field",
             "status_code,retry_count,service_uuid"},
        Case{"TwoColumns", repeated("503,user-1\n", 20),
             "column 1 looks like status codes, column 2 like service UUIDs", "retry_count is missing"},
        Case{"NotUtf8", repeated("503,0,us\xe4r\n", 20), "Every line is bad for one reason, the line is not UTF-8",
             "save it as UTF-8"},
        Case{"StatusInWords", repeated("OK,0,user-1\n", 20), "status code 'OK'", "from 100 to 599"},
        Case{"StatusOutOfRange", repeated("0,0,user-1\n", 20), "status code 0", "from 100 to 599"},
        Case{"RetryOutOfRange", repeated("503,5000,user-1\n", 20), "retry count 5000", "from 0 to 1,000"},
        Case{"Addresses", repeated("503,0,ada@example.com\n", 20), "service UUID 'ada@example.com'",
             "the id that the users table has"},
        Case{"OneLineAlone", "5o3,0,user-1\n", "line 1: status code '5o3'", "from 100 to 599"},
        Case{"MostAreBad", repeated("503,0,user-1\n", 4) + repeated("5o3,0,user-1\n", 5) + "503,x,user-1\n",
             "6 of 10 records cannot be read, which is more than 50 percent (MaxBadPercent): 5 STATUS_NOT_INT, 1 "
             "RETRY_NOT_INT; line 5: status code '5o3'",
             "status code"},
        Case{"LinesTooLong", repeated(std::string(5000, 'x') + "\n", 3), "4,096 bytes", "one record per line"}),
    [](const auto& info) { return info.param.name; });

class Accepted : public testing::TestWithParam<Case> {};

TEST_P(Accepted, SaysNothing) {
  EXPECT_EQ(diagnose(beginning_of(GetParam().content), 50), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    Diagnosis, Accepted,
    testing::Values(Case{"Empty", "", "", ""}, Case{"Blank", "\n\r\n  \n", "", ""},
                    Case{"HeaderAlone", "status_code,retry_count,service_uuid\n", "", ""},
                    Case{"Good", "503,0,user-1\n", "", ""}, Case{"HalfBad", "503,0,user-1\nx\n", "", ""},
                    Case{"HeaderNotKnownAndUsualOrder", "code,tries,user\n503,0,u\n", "", ""},
                    Case{"JsonLines", "{\"statusCode\":503,\"retryCount\":0,\"serviceUUID\":\"u\"}\n", "", ""}),
    [](const auto& info) { return info.param.name; });

TEST(Diagnosis, LimitIsTheParameter) {
  std::string content = repeated("503,0,user-1\n", 9) + "x\n";
  EXPECT_TRUE(diagnose(beginning_of(content), 9));
  EXPECT_FALSE(diagnose(beginning_of(content), 10));
  std::string mostly_bad = "503,0,user-1\n" + repeated("x\n", 99);
  EXPECT_TRUE(diagnose(beginning_of(mostly_bad), 98));
  EXPECT_FALSE(diagnose(beginning_of(mostly_bad), 100)) << "100 accepts any file with a record at its beginning";
  EXPECT_TRUE(diagnose(beginning_of(repeated("x\n", 99)), 100)) << "but none without a record";
}

// What comes later is judged line by line, and at the end.
TEST(Diagnosis, OnlyTheFirstLinesCount) {
  std::string content = repeated("503,0,user-1\n", 10) + repeated("x\n", 90);
  EXPECT_FALSE(diagnose(beginning_of(content, 10), 50));
  EXPECT_TRUE(diagnose(beginning_of(content, 100), 50));
}

TEST(Diagnosis, NoRecordAmongTheFirstLines) {
  std::string content = repeated("\n", 20) + "503,0,user-1\n";
  EXPECT_FALSE(diagnose(beginning_of(content, 21), 50));
  Beginning beginning(20);
  BatchReader reader;
  reader.feed(content);
  Line line;
  while (reader.next(line) == BatchReader::Step::line) beginning.add(line);
  auto sentence = diagnose(beginning, 50);
  ASSERT_TRUE(sentence);
  EXPECT_THAT(*sentence, HasSubstr("None of the first 20 lines is a record"));
}

TEST(Diagnosis, HostileTextIsMadeSafe) {
  auto sentence = diagnose(beginning_of("\x1b[31mred\x07,\xff,u\n\x1b]0;title\x07,2,3\n"), 50);
  ASSERT_TRUE(sentence);
  for (char c : *sentence) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << *sentence;
}

}  // namespace
}  // namespace ads::batch
