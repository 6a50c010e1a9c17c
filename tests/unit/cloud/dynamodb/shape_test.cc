#include "cloud/dynamodb/shape.h"

#include <gtest/gtest.h>

namespace ads::cloud::dynamodb {
namespace {

TEST(CheckShape, a_number_beyond_every_integer_is_the_largest_or_smallest) {
  const Shape shape{{"Limit", Member::integer, false, 1, 100}};
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"1", ""},
      {"1.5", ""},
      {"0", "greater than or equal to 1"},
      {"101", "less than or equal to 100"},
      {"18446744073709551615", "less than or equal to 100"},
      {"9223372036854775808", "less than or equal to 100"},
      {"-9223372036854775809", "greater than or equal to 1"},
      {"1e300", "less than or equal to 100"},
      {"-1e300", "greater than or equal to 1"},
  };
  for (const auto& [number, constraint] : cases) {
    const auto checked = check_shape(json::object{{"Limit", parse_json(number).value()}}, shape);
    EXPECT_EQ(checked.has_value(), constraint.empty()) << number;
    if (!checked) EXPECT_NE(checked.error().message.find(constraint), std::string::npos) << checked.error().message;
  }
}

}  // namespace
}  // namespace ads::cloud::dynamodb
