#include <gmock/gmock.h>

#include "cloud/dynamodb/keys.h"
#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {
namespace {

// The value as it is written back, or "Code: message".
std::string read_back(const std::string& text) {
  auto json = parse_text(text);
  auto value = json ? read_value(*json) : Outcome<Value>(refuse(json.error()));
  if (!value) return value.error().code + ": " + value.error().message;
  std::string out;
  write_value(out, *value);
  return out;
}

TEST(Value, IsReadAndWrittenBack) {
  for (const char* text :
       {R"({"S":""})", R"({"S":"héllo \"w\" \\ \n \u0001"})", R"({"N":"1.5"})", R"({"B":"AAEC"})", R"({"B":""})",
        R"({"BOOL":false})", R"({"NULL":true})", R"({"SS":["a","b"]})", R"({"NS":["1","2"]})",
        R"({"BS":["AA==","AQ=="]})", R"({"L":[]})", R"({"M":{}})", R"({"L":[{"S":"a"},{"M":{"b":{"N":"1"}}}]})"})
    EXPECT_EQ(read_back(text), text);
  EXPECT_EQ(read_back(R"({"N":"1.50e1"})"), R"({"N":"15"})");
  EXPECT_EQ(read_back(R"({"SS":["b","a"]})"), R"({"SS":["a","b"]})");
  EXPECT_EQ(read_back(R"({"S":"a","Unknown":1,"N":null})"), R"({"S":"a"})");
}

TEST(Value, IsRefusedInAwsWords) {
  const std::string validation = "ValidationException: ",
                    parameter = "ValidationException: One or more parameter values were invalid: ",
                    serialization = "SerializationException: ";
  struct Case {
    std::string text, message;
  };
  const Case kCases[] = {
      {"{}", validation + "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"},
      {R"({"S":"a","N":"1"})", validation + "Supplied AttributeValue has more than one datatypes set, must contain "
                                            "exactly one of the supported datatypes"},
      {R"({"NULL":false})", parameter + "Null attribute value types must have the value of true"},
      {R"({"SS":[]})", parameter + "An string set  may not be empty"},
      {R"({"NS":[]})", parameter + "An number set  may not be empty"},
      {R"({"BS":[]})", parameter + "Binary sets should not be empty"},
      {R"({"SS":["a","a"]})", parameter + "Input collection [a, a] contains duplicates."},
      {R"({"NS":["1","1.0"]})", validation + "Input collection contains duplicates"},
      {R"({"BS":["AA==","AA=="]})", parameter + "Input collection [AA==, AA==]of type BS contains duplicates."},
      {R"({"N":"x"})", validation + "The parameter cannot be converted to a numeric value: x"},
      {R"({"S":1})", serialization + "NUMBER_VALUE cannot be converted to String"},
      {R"({"S":true})", serialization + "TRUE_VALUE cannot be converted to String"},
      {R"({"N":1.5})", serialization + "DECIMAL_VALUE cannot be converted to String"},
      {R"({"S":[]})", serialization + "Unrecognized collection type class java.lang.String"},
      {R"({"S":{}})", serialization + "Start of structure or map found where not expected"},
      {R"({"L":{}})", serialization + "Start of structure or map found where not expected"},
      {R"({"M":[]})", serialization + "Unrecognized collection type java.util.Map<java.lang.String, "
                                      "com.amazonaws.dynamodb.v20120810.AttributeValue>"},
      {R"({"B":"abc"})", serialization + "Base64 encoded length is expected a multiple of 4 bytes but found: 3"},
      {R"("text")", serialization + "Unexpected value type in payload"},
  };
  for (const Case& c : kCases) EXPECT_EQ(read_back(c.text), c.message) << c.text;
}

TEST(Value, NestsThirtyTwoDeep) {
  auto nested = [](int depth) {
    std::string open, close;
    for (int i = 1; i < depth; ++i) open += R"({"L":[)", close = "]}" + close;
    return open + R"({"S":"x"})" + close;
  };
  EXPECT_EQ(read_back(nested(32)), nested(32));
  EXPECT_EQ(read_back(nested(33)), "ValidationException: Nesting Levels have exceeded supported limits");
}

TEST(Value, SizesAreAwss) {
  struct Case {
    std::string item;
    std::size_t size;
  };
  const Case kCases[] = {
      {R"({"a":{"S":"héllo"}})", 1 + 6},
      {R"({"a":{"N":"0"}})", 1 + 1},
      {R"({"a":{"N":"12"}})", 1 + 2},
      {R"({"a":{"N":"-123"}})", 1 + 4},
      {R"({"a":{"B":"AAEC"}})", 1 + 3},
      {R"({"a":{"BOOL":true}})", 1 + 1},
      {R"({"a":{"NULL":true}})", 1 + 1},
      {R"({"a":{"SS":["ab","c"]}})", 1 + 3},
      {R"({"a":{"L":[]}})", 1 + 3},
      {R"({"a":{"L":[{"S":"abc"}]}})", 1 + 3 + 1 + 3},
      {R"({"a":{"M":{"k":{"S":"v"}}}})", 1 + 3 + 1 + 1 + 1},
  };
  for (const Case& c : kCases) EXPECT_EQ(size_of(read_stored(c.item)), c.size) << c.item;
}

TEST(StoredItem, KeepsItsSizeAndText) {
  const Attributes item = read_stored(R"({"a":{"S":"héllo"}})");
  const std::string stored = encode_item(item);
  EXPECT_EQ(stored_size(stored), 7u);
  EXPECT_EQ(stored_json(stored), R"({"a":{"S":"héllo"}})");
  for (std::string damaged : {std::string("\2\0\0\0\1{}", 7), std::string("\1\0"), std::string()})
    EXPECT_THROW((void)stored_json(damaged), std::runtime_error);
}

}  // namespace
}  // namespace ads::cloud::dynamodb
