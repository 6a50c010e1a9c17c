#include "batch/overtaken.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ads::batch {
namespace {

TEST(Overtaken, AreThoseThatCameAfterALaterOneOfTheirGroup) {
  struct {
    const char* name;
    std::vector<Arrival> arrivals;
    std::vector<std::size_t> expected;
  } cases[] = {
      {"one call", {{"a", 0, "1"}, {"a", 0, "2"}, {"b", 0, "3"}}, {}},
      {"the first was sent again", {{"a", 1, "7"}, {"a", 0, "2"}}, {0}},
      {"the last was sent again", {{"a", 0, "1"}, {"a", 1, "7"}}, {}},
      {"of another group", {{"a", 1, "7"}, {"b", 0, "2"}}, {}},
      {"two of three", {{"a", 1, "7"}, {"a", 2, "9"}, {"a", 0, "2"}}, {0, 1}},
      {"by two others, once", {{"a", 1, "7"}, {"a", 0, "1"}, {"a", 0, "2"}}, {0}},
      {"said to have failed, and had arrived in its place", {{"a", 1, "1"}, {"a", 0, "2"}}, {}},
      {"acknowledged together, after an answer that was lost", {{"a", 1, "5"}, {"a", 1, "2"}}, {0}},
      {"numbers, not texts", {{"a", 0, "9"}, {"a", 0, "10"}}, {}},
      {"leading zeros", {{"a", 0, "0000009"}, {"a", 0, "000010"}}, {}},
      {"128 bits", {{"a", 0, "340282366920938463463374607431768211455"}, {"a", 0, "18446744073709551616"}}, {0}},
      {"without numbers the attempts decide", {{"a", 1, ""}, {"a", 0, ""}, {"b", 0, ""}, {"b", 0, ""}}, {0}},
      {"one number alone says nothing", {{"a", 0, "5"}, {"a", 0, ""}}, {}},
      {"none", {}, {}},
  };
  for (const auto& c : cases) EXPECT_EQ(overtaken(c.arrivals), c.expected) << c.name;
}

}  // namespace
}  // namespace ads::batch
