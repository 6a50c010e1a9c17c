// DynamoDB's numbers: exact decimals of up to 38 significant digits, from 1E-130 to 9.99...E+125.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cloud/wire_error.h"

namespace ads::cloud::dynamodb {

class Number {
 public:
  Number() = default;  // zero
  explicit Number(std::uint64_t value);

  // Errors: ValidationException in AWS's words for text that is no number, too large, too small or too precise.
  static Outcome<Number> parse(std::string_view text);

  // Plain notation without an exponent, leading or trailing zeros: "-12.5". Equal numbers have equal text.
  std::string text() const;
  // Bytes whose order is the order of the numbers; ends itself, so that further key fields may follow.
  void append_to_key(std::string& key) const;
  // Bytes that the number counts for in an item's size.
  std::size_t stored_size() const;
  // Whole seconds, where the number is an integer between 0 and 10^18.
  std::optional<std::uint64_t> whole() const;

  bool is_zero() const { return digits_.empty(); }
  bool negative() const { return negative_; }
  Number negated() const;

  friend int compare(const Number& a, const Number& b);  // < 0, 0, > 0
  // Errors: ValidationException where the exact result is outside of the range or needs more than 38 digits.
  friend Outcome<Number> add(const Number& a, const Number& b);
  friend bool operator==(const Number&, const Number&) = default;

 private:
  static Outcome<Number> checked(bool negative, int exponent, std::string digits);

  bool negative_ = false;
  int exponent_ = 0;    // the first digit's power of ten
  std::string digits_;  // '0'..'9', neither first nor last is '0'; empty for zero
};

int compare(const Number& a, const Number& b);
Outcome<Number> add(const Number& a, const Number& b);

}  // namespace ads::cloud::dynamodb
