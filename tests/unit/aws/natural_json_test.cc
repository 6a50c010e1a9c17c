#include "aws/dynamodb/natural_json.h"

#include <gtest/gtest.h>

namespace ads::aws::dynamodb {
namespace {

TEST(NaturalJson, IsWhatAPersonWouldWrite) {
  struct Case {
    const char* name;
    AttributeValue value;
    const char* json;
  };
  for (const Case& c :
       {Case{"text", "A \"d\" a\n", R"("A \"d\" a\n")"},
        Case{"empty text", "", R"("")"},
        Case{"number", 42, "42"},
        Case{"38 digits", Number{"12345678901234567890123456789012345678"}, "12345678901234567890123456789012345678"},
        Case{"fraction", Number{"-0.50"}, "-0.50"},
        Case{"exponent", Number{"1E+100"}, "1E+100"},
        Case{"leading zeros", Number{"007"}, "7"},
        Case{"zero", Number{"000"}, "0"},
        Case{"plus", Number{"+5"}, "5"},
        Case{"no whole part", Number{"-.5"}, "-0.5"},
        Case{"no fraction after the point", Number{"5."}, "5"},
        Case{"not a number", Number{"NaN"}, R"("NaN")"},
        Case{"a lone point", Number{"."}, R"(".")"},
        Case{"a broken exponent", Number{"1e"}, R"("1e")"},
        Case{"bool", true, "true"},
        Case{"null", Null{}, "null"},
        Case{"binary", Binary{"\x01\xff"}, R"("Af8=")"},
        Case{"text set", StringSet{{"a", "b"}}, R"(["a","b"])"},
        Case{"number set", NumberSet{{"1", "2.5"}}, "[1,2.5]"},
        Case{"binary set", BinarySet{{"\x01"}}, R"(["AQ=="])"},
        Case{"empty list", List{}, "[]"},
        Case{"empty map", Map{}, "{}"},
        Case{"map", Map{{"s\"", "12 St"}, {"z", List{1, false, Null{}, Map{{"d", 1}}}}},
             R"({"s\"":"12 St","z":[1,false,null,{"d":1}]})"}})
    EXPECT_EQ(natural_json(c.value), c.json) << c.name;
}

TEST(NaturalJson, IsReadBack) {
  for (const char* text : {R"("text")", "42", "-7", "18446744073709551615", "2.5", "true", "null", "[1,\"a\",[]]",
                           R"({"a":{"b":[true]},"c":""})", "12345678901234567890123456789012345678", "-0.10E-5",
                           R"({"a":[1.25,{"b":123456789012345678901234567890}],"z":"1e5"})"}) {
    auto value = from_natural_json(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(natural_json(*value), text);
  }
}

TEST(NaturalJson, SaysWhatDynamoDbCannotHold) {
  std::string deep = std::string(40, '[') + std::string(40, ']');
  auto value = from_natural_json(deep);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, "NotStorable");
  for (const char* text : {"", "[1", "1 2", "{\"a\"}", "nope"}) {
    value = from_natural_json(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().code, "MalformedJson") << text;
  }
}

}  // namespace
}  // namespace ads::aws::dynamodb
