#include "base/json.h"

#include <gtest/gtest.h>

namespace ads {
namespace {

TEST(Json, ReadsAndRefuses) {
  EXPECT_TRUE(parse_json(" {\"a\": [1, 2]} \n"));
  for (const char* bad : {"", "{", "{}x", "{\"a\":}", "nul", "[1,]"}) EXPECT_FALSE(parse_json(bad)) << bad;
  EXPECT_FALSE(parse_json(std::string(100, '[') + std::string(100, ']'))) << "deeper than 64";
  EXPECT_FALSE(parse_json_object("[]"));
}

TEST(Json, MembersByType) {
  auto object = *parse_json_object(R"({"s":"x","n":5,"f":1.5,"b":true,"o":{},"a":[],"z":null})");
  EXPECT_EQ(get_string(object, "s"), "x");
  EXPECT_EQ(get_string(object, "n"), std::nullopt);
  EXPECT_EQ(get_integer(object, "n"), 5);
  EXPECT_EQ(get_integer(object, "f"), std::nullopt);
  EXPECT_EQ(get_bool(object, "b"), true);
  EXPECT_NE(get_object(object, "o"), nullptr);
  EXPECT_NE(get_array(object, "a"), nullptr);
  EXPECT_EQ(get_object(object, "z"), nullptr);
  EXPECT_EQ(get_string(object, "missing"), std::nullopt);
}

TEST(Json, PrettyIsForPeople) {
  EXPECT_EQ(pretty(json::object{{"a", 1}, {"b", {1, 2}}, {"c", json::object{}}}),
            "{\n  \"a\": 1,\n  \"b\": [\n    1,\n    2\n  ],\n  \"c\": {}\n}");
}

}  // namespace
}  // namespace ads
