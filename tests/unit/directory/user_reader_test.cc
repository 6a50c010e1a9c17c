#include "directory/user_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/directory/read_users.h"

namespace ads::directory {
namespace {

using testing::HasSubstr;

std::string utf16(std::u16string_view text, bool is_little) {
  std::string out;
  for (char16_t unit : text) {
    char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
    out += is_little ? low : high;
    out += is_little ? high : low;
  }
  return out;
}

TEST(UserReader, ReadsCsv) {
  struct Case {
    const char *name, *text, *said;
  };
  for (Case c : {
           Case{"plain", "serviceUUID,status\na,Active\nb,Off\n", R"(a {"status":"Active"}; b {"status":"Off"})"},
           Case{"any order, quotes, CRLF, another column",
                "status,shoe size,serviceUUID\r\n\"Act\"\"ive\",\"1,2\",a\r\n",
                R"(a {"shoe size":"1,2","status":"Act\"ive"})"},
           Case{"byte-order mark", "\xef\xbb\xbfserviceUUID,status\na,1\n", R"(a {"status":"1"})"},
           Case{"blank lines, no last newline", "\n\nserviceUUID,status\n\na,1", R"(a {"status":"1"})"},
           Case{"spellings", "Service UUID;first_name;LAST-NAME\na;Ada;L\n", R"(a {"firstName":"Ada","lastName":"L"})"},
           Case{"tab", "serviceUUID\tstatus\na\t1\n", R"(a {"status":"1"})"},
           Case{"bar", "serviceUUID|status\na|1\n", R"(a {"status":"1"})"},
           Case{"sep=", "sep=;\nserviceUUID;status\na;1\n", R"(a {"status":"1"})"},
           Case{"comments above", "# users\n#TYPE Selected.User\nserviceUUID,status\na,1\n", R"(a {"status":"1"})"},
           Case{"a comment is the header", "# serviceUUID,status\na,1\n", R"(a {"status":"1"})"},
           Case{"CR", "serviceUUID,status\ra,1\rb,2\r", R"(a {"status":"1"}; b {"status":"2"})"},
           Case{"empty cells are nothing", "serviceUUID,status,firstName\na,1,\n", R"(a {"status":"1"})"},
           Case{"rows of separators, more empty cells, fewer cells", "serviceUUID,status,firstName\n,,\na,1,A,,,\nb\n",
                R"(a {"firstName":"A","status":"1"}; b {})"},
           Case{"one column", "serviceUUID\na\n", "a {}"},
           Case{"a line break inside quotes", "serviceUUID,detailedAddress,status\na,\"12 St\r\nLondon\",1\nb,x,2\n",
                R"(a {"detailedAddress":"12 St\nLondon","status":"1"}; b {"detailedAddress":"x","status":"2"})"},
           Case{"a column without a name", "serviceUUID,,status\na,x,1\n", R"(a {"status":"1"})"},
           Case{"braces", "serviceUUID,status\n{6F9619FF-8B86-D011-B42D-00C04FC964FF},1\n",
                R"(6F9619FF-8B86-D011-B42D-00C04FC964FF {"status":"1"})"},
           Case{"DOS end", "serviceUUID,status\r\na,1\r\n\x1a", R"(a {"status":"1"})"},
           Case{"header alone", "serviceUUID,status\n", ""},
           Case{"empty", "", ""},
           Case{"PowerShell's Get-ADUser",
                "#TYPE "
                "Microsoft.ActiveDirectory.Management.ADUser\n\"ObjectGUID\",\"GivenName\",\"Surname\",\"Enabled\"\n"
                "\"6f9619ff-8b86-d011-b42d-00c04fc964ff\",\"Ada\",\"L\",\"False\"\n",
                R"(6f9619ff-8b86-d011-b42d-00c04fc964ff {"firstName":"Ada","lastName":"L","status":"Disabled"})"},
       })
    for (std::size_t step : {1, 7, 1000}) EXPECT_EQ(read_users(c.text, {}, step), c.said) << c.name << ", by " << step;
}

TEST(UserReader, NamesWhatIsWrongInCsv) {
  struct Case {
    const char *name, *text, *said;
  };
  for (
      Case c : {
          Case{"no key column", "id,status\na,1\n", "!!no column is serviceUUID: the first line has id, status."},
          Case{"two of them", "serviceUUID,service_uuid\na,1\n", "!!line 1: 2 columns are serviceUUID"},
          Case{"no key", "serviceUUID,status\na,1\n,1\nb,1\n", "!3 : no serviceUUID; b"},
          Case{"not an id", "serviceUUID,status\n\"u 3\",1\n",
               "!2 u 3: 'u 3' cannot be a serviceUUID: that is 1 to 128 of letters, digits, - _ . :"},
          Case{"too many fields", "serviceUUID,status\na,1,2\n", "!2 a: 3 fields, but the header names 2"},
          Case{
              "open quote", "serviceUUID,status\na,\"1\nb,2\nc,3\n",
              R"(!2 a: a quoted field is not closed, or continues after its quote; b {"status":"2"}; c {"status":"3"})"},
          Case{"text after a quote", "serviceUUID,status\na,\"1\" x\nb,2\n", "!2 a: a quoted field"},
          Case{"Latin-1", "serviceUUID,status,firstName\nl1,Active,Zo\xeb\n",
               "!2 l1: firstName: byte 3 (0xEB) of 'Zo\xef\xbf\xbd' is not UTF-8: save the file as UTF-8, or say what "
               "it "
               "is: --encoding windows-1252"},
          Case{"Latin-1 in the header",
               "serviceUUID,Stra\xdf"
               "e\na,1\n",
               "!!line 1: the column name 'Stra"},
      })
    EXPECT_THAT(read_users(c.text), HasSubstr(c.said)) << c.name;
}

TEST(UserReader, ReadsEncodings) {
  std::u16string text = u"serviceUUID,firstName\na,Zo\u00eb \u5317 \U0001F600\n";
  std::string said = "a {\"firstName\":\"Zo\u00eb \u5317 \U0001F600\"}";
  for (std::size_t step : {1, 2, 3, 1000}) {
    EXPECT_EQ(read_users("\xff\xfe" + utf16(text, true), {}, step), said);
    EXPECT_EQ(read_users("\xfe\xff" + utf16(text, false), {}, step), said);
    EXPECT_EQ(read_users(utf16(text, true), {}, step), said) << "without a mark";
    EXPECT_EQ(read_users(utf16(text, false), {}, step), said);
    EXPECT_EQ(read_users("serviceUUID,firstName\na,Zo\xeb \x80\n", {.encoding = Encoding::windows_1252}, step),
              "a {\"firstName\":\"Zo\u00eb \u20ac\"}");
  }
  EXPECT_THAT(read_users("\xff\xfe" + utf16(u"serviceUUID,firstName\na,\xD83D!\n", true)), HasSubstr("is not UTF-8"))
      << "half a pair";
  EXPECT_EQ(read_users("serviceUUID,firstName\na,\u00eb\n", {.encoding = Encoding::utf16le}),
            "a {\"firstName\":\"\u00eb\"}")
      << "decoded before";
  EXPECT_EQ(parse_encoding("UTF-16"), Encoding::utf16le);
  EXPECT_EQ(parse_encoding("ISO-8859-1"), Encoding::windows_1252);
  EXPECT_EQ(parse_encoding("ebcdic"), std::nullopt);
}

TEST(UserReader, ReadsCsvde) {
  EXPECT_EQ(
      read_users(
          "DN,objectClass,givenName,sn,streetAddress,objectGUID,userAccountControl\n"
          "\"CN=Ada,DC=example\",user,Ada,Lovelace,\"12 Some Street\",X'33221100554477668899aabbccddee01',512\n"
          "\"CN=Zoe,DC=example\",user,X'5a6fc3ab',,\"12 St\\; 2nd;floor\",X'33221100554477668899aabbccddee02',66050\n"
          "\"OU=X\",organizationalUnit,,,,X'33221100554477668899aabbccddee03',\n"),
      R"(00112233-4455-6677-8899-aabbccddee01 {"detailedAddress":"12 Some Street","firstName":"Ada","lastName":"Lovelace","status":"Active"}; )"
      R"(00112233-4455-6677-8899-aabbccddee02 {"detailedAddress":"12 St; 2nd;floor","firstName":"Zoë","status":"Disabled"}; )"
      "# 1 entry is not people and were passed over: 1 organizationalUnit");
  EXPECT_EQ(read_users("DN,objectClass,objectGUID,userAccountControl,proxyAddresses\n"
                       "CN=A,user,X'33221100554477668899aabbccddee01',512,a@x;b@x\n",
                       {.map = "mails=proxyAddresses"}),
            R"(00112233-4455-6677-8899-aabbccddee01 {"mails":["a@x","b@x"],"status":"Active"})");
}

TEST(UserReader, ReadsJson) {
  struct Case {
    const char *name, *text, *said;
  };
  for (Case c : {
           Case{"lines", "{\"serviceUUID\":\"a\",\"status\":\"Active\",\"n\":1}\n\n{\"serviceUUID\":\"b\"}\n",
                R"(a {"n":1,"status":"Active"}; b {})"},
           Case{"an array", "[\n {\"serviceUUID\":\"a\",\n  \"x\":[{\"}\":\"]\\\"\"}]},\n {\"serviceUUID\":\"b\"}\n]\n",
                R"(a {"x":[{"}":"]\""}]}; b {})"},
           Case{"an array in one line", R"([{"serviceUUID":"a"},{"serviceUUID":"b"}])", "a {}; b {}"},
           Case{"one object over lines", "{\n \"serviceUUID\": \"a\"\n}", "a {}"},
           Case{"spellings", R"({"service_uuid":"a","FirstName":"A"})", R"(a {"firstName":"A"})"},
           Case{"a number as id, null, true", R"({"serviceUUID":17,"status":null,"lastName":true})",
                R"(17 {"lastName":true})"},
           Case{"a directory's names", R"([{"ObjectGUID":"g","GivenName":"A","Enabled":false}])",
                R"(g {"firstName":"A","status":"Disabled"})"},
           Case{"empty array", "[]", ""},
           Case{"a bad line", "{\"serviceUUID\":\"a\"}\nnope\n{\"serviceUUID\":\"b\"}\n",
                "a {}; !2 : not JSON at byte"},
           Case{"a bad element", "[{\"serviceUUID\":\"a\"},\n{\"x\" 1},\n3,\"x\",{\"serviceUUID\":\"b\"}]",
                "!2 : not JSON"},
           Case{"a scalar", "[3,{\"serviceUUID\":\"b\"}]", "!1 : the JSON text is not an object; b {}"},
           Case{"cut off", "[{\"serviceUUID\":\"a\"},\n{\"serviceUUID\":",
                "a {}; !2 : not JSON at byte 15: incomplete JSON (the text"},
           Case{"no id", "{\"status\":\"a\"}\n", "!1 : no serviceUUID"},
           Case{"38 digits",
                R"({"serviceUUID":"a","n":12345678901234567890123456789012345678,"m":[-1.50E+2,{"x":0.1}]})",
                R"(a {"m":[-1.50E+2,{"x":0.1}],"n":12345678901234567890123456789012345678})"},
           Case{"a long number as id", R"({"serviceUUID":12345678901234567890123})", "12345678901234567890123 {}"},
           Case{"blanks and escapes", "{ \"serviceUUID\" : \"a\" , \"\\u006e\\\"\" : 1 ,\"b\":[ ] , \"t\" : true }",
                R"(a {"b":[ ],"n\"":1,"t":true})"},
           Case{"a name twice", R"({"serviceUUID":"a","n":1,"n":"2","m":null})", R"(a {"n":"2"})"},
           Case{"digits that are kept",
                R"({"serviceUUID":"a","n":18446744073709551615,"m":-9223372036854775808,"s":"1234567890123456789012"})",
                R"(a {"m":-9223372036854775808,"n":18446744073709551615,"s":"1234567890123456789012"})"},
           Case{"Latin-1", "{\"serviceUUID\":\"\xeb\"}\n", "!1 : byte 17 of the entry (0xEB) is not UTF-8"},
       })
    for (std::size_t step : {1, 7, 1000})
      EXPECT_THAT(read_users(c.text, {}, step), HasSubstr(c.said)) << c.name << ", by " << step;
}

// It would have replaced each user by an id without a status.
TEST(UserReader, ABatchFileIsNotOfUsers) {
  for (const char* text :
       {"status_code,retry_count,service_uuid\n200,0,a\n", "Service UUID;Status Code;Retry Count\na;200;0\n",
        R"({"statusCode":200,"retryCount":0,"serviceUUID":"a"})"})
    EXPECT_EQ(read_users(text), "!!this is a batch file, not one of users: `ads check` and `ads submit` are for it")
        << text;
}

TEST(UserReader, FollowsTheMap) {
  struct Case {
    const char *name, *map, *text, *said;
  };
  const char* ad =
      "DN,objectGUID,employeeID,l,department,userAccountControl\n"
      "CN=A,X'33221100554477668899aabbccddee01',e-1,Berlin,IT,512\n";
  for (
      Case c : {
          Case{"another key", "serviceUUID=employeeID", ad, R"(e-1 {"status":"Active"})"},
          Case{
              "more attributes", "lastPingedLocation=l,department=department", ad,
              R"(00112233-4455-6677-8899-aabbccddee01 {"department":"IT","lastPingedLocation":"Berlin","status":"Active"})"},
          Case{"no status", "status=", ad, "00112233-4455-6677-8899-aabbccddee01 {}"},
          Case{"a text", "status=:On", ad, R"(00112233-4455-6677-8899-aabbccddee01 {"status":"On"})"},
          Case{"the first that has something", "serviceUUID=nothing|employeeID", ad, R"(e-1 {"status":"Active"})"},
          Case{"a table's columns", "serviceUUID=Employee ID, firstName=Given Name",
               "Employee ID,Given Name,x\n7,Ada,1\n", R"(7 {"firstName":"Ada","x":"1"})"},
          Case{"spelling of the target", "service_uuid=id", "id,status\n7,a\n", R"(7 {"status":"a"})"},
          Case{"wrong", "serviceUUID", ad,
               "!!'serviceUUID' is not of the form attribute=source, such as serviceUUID=objectGUID"},
          Case{"without a key", "serviceUUID=", ad, "!!serviceUUID needs a source: it is the key of a user"},
          Case{"a column that is not there", "serviceUUID=ID", "x,y\n1,2\n",
               "!!no column is ID: the first line has x, y. Name"},
      })
    EXPECT_THAT(read_users(c.text, {.map = c.map}), HasSubstr(c.said)) << c.name;
}

TEST(UserReader, GivesTheStatusThatIsActive) {
  EXPECT_EQ(
      read_users("dn: a\nentryUUID: a\n", {.active = "Aktiv"}),
      R"(a {"status":"Aktiv"}; # no entry says whether its account is locked or disabled, so all count as active. )"
      "OpenLDAP gives pwdAccountLockedTime only when it is asked for (by name, or '+')");
  EXPECT_THAT(read_users("dn: a\nobjectGUID: g\n"),
              HasSubstr("!1 a: no userAccountControl: whether the account is disabled"));
  EXPECT_EQ(read_users("dn: a\nobjectGUID: g\n", {.map = "status=userAccountControl|:Active"}),
            R"(g {"status":"Active"})");
}

TEST(UserReader, SpellsUuidsAsTheTableDoes) {
  const char* csv = "serviceUUID\n{6F9619FF-8b86-D011-B42D-00C04FC964FF}\nuser-A\n";
  EXPECT_EQ(read_users(csv, {.key_form = batch::UserKeyForm::uuid_lower}),
            "6f9619ff-8b86-d011-b42d-00c04fc964ff {}; user-A {}");
  EXPECT_EQ(read_users(csv, {.key_form = batch::UserKeyForm::uuid_upper}),
            "6F9619FF-8B86-D011-B42D-00C04FC964FF {}; user-A {}");
  EXPECT_EQ(read_users(csv), "6F9619FF-8b86-D011-B42D-00C04FC964FF {}; user-A {}");
}

TEST(UserReader, KnowsWhatTheFileSpeaksOf) {
  auto stated = [](std::string_view text) {
    bool is_read = false;
    auto reader = UserReader::open(
        [&]() -> Result<std::string> { return std::exchange(is_read, true) ? "" : std::string(text); }, {});
    auto step = (*reader)->next();
    std::string names;
    for (const auto& name : std::get<ImportedUser>(*step).stated) names += name + " ";
    return names;
  };
  EXPECT_EQ(stated("serviceUUID,status,firstName\na\n"), "firstName status ");
  EXPECT_EQ(stated(R"({"serviceUUID":"a","lastName":null})"), "lastName ");
  EXPECT_EQ(stated("dn: a\nentryUUID: a\n"), "detailedAddress firstName lastName status ");
}

TEST(UserReader, RecognisesTheForm) {
  for (auto [text, format] : {std::pair{"dn: a", UserFormat::ldif},
                              {"# extended LDIF\n", UserFormat::ldif},
                              {"\n# x\nversion: 1\n", UserFormat::ldif},
                              {"{\"a\":1}", UserFormat::json},
                              {" \n[", UserFormat::json},
                              {"serviceUUID,status", UserFormat::csv},
                              {"# x\nserviceUUID\n", UserFormat::csv},
                              {"DN,objectClass", UserFormat::csv},
                              {"", UserFormat::csv}})
    EXPECT_EQ(detect_user_format(text), format) << text;
}

}  // namespace
}  // namespace ads::directory
