#include "cloud/dynamodb/number.h"

#include <gtest/gtest.h>

#include <random>

namespace ads::cloud::dynamodb {
namespace {

std::string canonical(std::string_view text) {
  auto number = Number::parse(text);
  return number ? number->text() : "refused: " + number.error().message;
}

TEST(Number, IsWrittenPlainly) {
  struct Case {
    std::string text, canonical;
  };
  const Case kCases[] = {
      {"0", "0"},
      {"-0", "0"},
      {"0.000", "0"},
      {"1", "1"},
      {"+1", "1"},
      {"-1", "-1"},
      {"007", "7"},
      {"1.50", "1.5"},
      {".5", "0.5"},
      {"5.", "5"},
      {"1e3", "1000"},
      {"1E+3", "1000"},
      {"12.5e-3", "0.0125"},
      {"-1.20E1", "-12"},
      {"123456789012345678901234567890.12345678", "123456789012345678901234567890.12345678"},
      {"1e125", "1" + std::string(125, '0')},
      {"1e-130", "0." + std::string(129, '0') + "1"},
      {"100000000000000000000000000000000000000000", "100000000000000000000000000000000000000000"},
  };
  for (const Case& c : kCases) EXPECT_EQ(canonical(c.text), c.canonical) << c.text;
}

TEST(Number, RefusesWhatAwsRefuses) {
  EXPECT_EQ(canonical(""), "refused: The parameter cannot be converted to a numeric value");
  for (std::string_view text : {"a", "1a", "1e", "e1", "1.2.3", "--1", " 1", "1 ", "0x1", "NaN", "Infinity", "."})
    EXPECT_EQ(canonical(text), "refused: The parameter cannot be converted to a numeric value: " + std::string(text));
  for (std::string_view text : {"1e126", "-1e126", "1e999999999999999999999"})
    EXPECT_EQ(canonical(text),
              "refused: Number overflow. Attempting to store a number with magnitude larger than supported range");
  for (std::string_view text : {"1e-131", "-1e-131", "1e-99999999"})
    EXPECT_EQ(canonical(text),
              "refused: Number underflow. Attempting to store a number with magnitude smaller than supported range");
  EXPECT_EQ(canonical("123456789012345678901234567890123456789"),
            "refused: Attempting to store more than 38 significant digits in a Number");
}

TEST(Number, AddsExactly) {
  struct Case {
    std::string_view a, b, sum;
  };
  const Case kCases[] = {
      {"1", "2", "3"},
      {"0.1", "0.2", "0.3"},
      {"999", "1", "1000"},
      {"1", "-1", "0"},
      {"-5", "3", "-2"},
      {"3", "-5", "-2"},
      {"1000", "-0.001", "999.999"},
      {"-0.5", "-0.5", "-1"},
      {"1e20", "1e-17", "100000000000000000000.00000000000000001"},
      {"99999999999999999999999999999999999999", "1", "100000000000000000000000000000000000000"},
      {"0", "-7.25", "-7.25"},
  };
  for (const Case& c : kCases) {
    auto sum = add(*Number::parse(c.a), *Number::parse(c.b));
    ASSERT_TRUE(sum.has_value()) << c.a << " + " << c.b;
    EXPECT_EQ(sum->text(), c.sum) << c.a << " + " << c.b;
  }
  EXPECT_FALSE(add(*Number::parse("1e30"), *Number::parse("1e-30")).has_value()) << "needs 61 digits";
  EXPECT_FALSE(add(*Number::parse("9e125"), *Number::parse("9e125")).has_value());
}

// Random numbers of all sizes: the order of their keys, of compare() and of long double must be one.
TEST(Number, KeysSortAsNumbersDo) {
  std::mt19937_64 random(7);
  std::vector<Number> numbers;
  for (const char* text : {"0", "1", "-1", "10", "-10", "1.2", "1.23", "-1.2", "-1.23", "12", "0.1", "-0.1", "1e125",
                           "-1e125", "1e-130", "-1e-130", "99", "100", "101"})
    numbers.push_back(*Number::parse(text));
  for (int i = 0; i < 400; ++i) {
    std::string text = random() % 2 ? "-" : "";
    const int digits = 1 + int(random() % 18);
    for (int d = 0; d < digits; ++d) text += char('0' + random() % 10);
    text += "e" + std::to_string(int(random() % 60) - 30);
    numbers.push_back(*Number::parse(text));
  }
  for (const Number& a : numbers)
    for (const Number& b : numbers) {
      std::string key_a, key_b;
      a.append_to_key(key_a);
      b.append_to_key(key_b);
      // Whatever follows a key field must not disturb the order.
      key_a += "\xff";
      key_b += std::string(1, '\0');
      const int by_value = compare(a, b);
      if (by_value == 0) {
        EXPECT_EQ(a.text(), b.text());
        EXPECT_EQ(key_a.substr(0, key_a.size() - 1), key_b.substr(0, key_b.size() - 1));
      } else {
        EXPECT_EQ(by_value < 0, key_a < key_b) << a.text() << " and " << b.text();
        const long double x = std::stold(a.text()), y = std::stold(b.text());
        if (x != y) EXPECT_EQ(by_value < 0, x < y) << a.text() << " and " << b.text();
      }
    }
}

}  // namespace
}  // namespace ads::cloud::dynamodb
