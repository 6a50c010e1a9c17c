#include "cloud/dynamodb/number.h"

#include "cloud/dynamodb/errors.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr int kLargestExponent = 125, kSmallestExponent = -130;
constexpr std::size_t kMostDigits = 38;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int compare_magnitude(std::string_view a, int a_exponent, std::string_view b, int b_exponent) {
  if (a.empty() || b.empty()) return int(!a.empty()) - int(!b.empty());
  if (a_exponent != b_exponent) return a_exponent < b_exponent ? -1 : 1;
  return a.compare(b);  // neither ends in a zero, so the longer of two equal beginnings is the larger
}

}  // namespace

Number::Number(std::uint64_t value) {
  if (value == 0) return;
  digits_ = std::to_string(value);
  exponent_ = int(digits_.size()) - 1;
  digits_.erase(digits_.find_last_not_of('0') + 1);
}

Outcome<Number> Number::checked(bool negative, int exponent, std::string digits) {
  std::size_t leading = digits.find_first_not_of('0');
  if (leading == std::string::npos) return Number();
  digits.erase(0, leading);
  exponent -= int(leading);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (exponent > kLargestExponent)
    return refuse(
        validation("Number overflow. Attempting to store a number with magnitude larger than supported range"));
  if (exponent < kSmallestExponent)
    return refuse(
        validation("Number underflow. Attempting to store a number with magnitude smaller than supported range"));
  if (digits.size() > kMostDigits)
    return refuse(validation("Attempting to store more than 38 significant digits in a Number"));
  Number number;
  number.negative_ = negative;
  number.exponent_ = exponent;
  number.digits_ = std::move(digits);
  return number;
}

Outcome<Number> Number::parse(std::string_view text) {
  auto malformed = [&] {
    return refuse(validation(text.empty()
                                 ? "The parameter cannot be converted to a numeric value"
                                 : "The parameter cannot be converted to a numeric value: " + std::string(text)));
  };
  std::size_t at = 0;
  bool negative = false;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) negative = text[at++] == '-';
  std::string digits;
  int exponent = -1;
  while (at < text.size() && is_digit(text[at])) digits += text[at++], ++exponent;
  if (at < text.size() && text[at] == '.')
    for (++at; at < text.size() && is_digit(text[at]);) digits += text[at++];
  if (digits.empty()) return malformed();
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    bool down = false;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) down = text[at++] == '-';
    if (at == text.size()) return malformed();
    int power = 0;
    for (; at < text.size() && is_digit(text[at]); ++at) power = std::min(power * 10 + (text[at] - '0'), 1'000'000);
    exponent += down ? -power : power;
  }
  if (at != text.size()) return malformed();
  return checked(negative, exponent, std::move(digits));
}

std::string Number::text() const {
  if (digits_.empty()) return "0";
  std::string out = negative_ ? "-" : "";
  if (exponent_ < 0) return out + "0." + std::string(std::size_t(-exponent_ - 1), '0') + digits_;
  std::size_t whole = std::size_t(exponent_) + 1;
  if (digits_.size() <= whole) return out + digits_ + std::string(whole - digits_.size(), '0');
  return out + digits_.substr(0, whole) + "." + digits_.substr(whole);
}

// Two bytes of sign and exponent, then two digits to a byte (1..100), then 0. A negative number has every byte
// turned round, so that what is larger in size comes first.
void Number::append_to_key(std::string& key) const {
  int head = 0x8000;
  if (!digits_.empty()) head += (negative_ ? -1 : 1) * (exponent_ - kSmallestExponent + 1);
  key += char(head >> 8);
  key += char(head & 0xff);
  if (digits_.empty()) return;
  const unsigned char turn = negative_ ? 0xff : 0;
  for (std::size_t i = 0; i < digits_.size(); i += 2) {
    int pair = (digits_[i] - '0') * 10 + (i + 1 < digits_.size() ? digits_[i + 1] - '0' : 0);
    key += char((pair + 1) ^ turn);
  }
  key += char(0 ^ turn);
}

std::size_t Number::stored_size() const {
  if (digits_.empty()) return 1;
  // Two digits to a byte, aligned at even powers of ten, one byte of exponent, one more where negative.
  std::size_t bytes = 1 + (digits_.size() + 1) / 2;
  if (digits_.size() % 2 == 0 && exponent_ % 2 == 0) ++bytes;
  return bytes + (negative_ ? 1 : 0);
}

std::optional<std::uint64_t> Number::whole() const {
  if (digits_.empty()) return 0;
  if (negative_ || exponent_ < 0 || exponent_ > 18 || digits_.size() > std::size_t(exponent_) + 1) return std::nullopt;
  std::uint64_t value = 0;
  for (int i = 0; i <= exponent_; ++i)
    value = value * 10 + (std::size_t(i) < digits_.size() ? unsigned(digits_[std::size_t(i)] - '0') : 0);
  return value;
}

Number Number::negated() const {
  Number out = *this;
  if (!digits_.empty()) out.negative_ = !negative_;
  return out;
}

int compare(const Number& a, const Number& b) {
  const int sign_a = a.is_zero() ? 0 : a.negative_ ? -1 : 1, sign_b = b.is_zero() ? 0 : b.negative_ ? -1 : 1;
  if (sign_a != sign_b) return sign_a < sign_b ? -1 : 1;
  const int magnitude = compare_magnitude(a.digits_, a.exponent_, b.digits_, b.exponent_);
  return sign_a < 0 ? -magnitude : magnitude;
}

Outcome<Number> add(const Number& a, const Number& b) {
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;
  const bool a_larger = compare_magnitude(a.digits_, a.exponent_, b.digits_, b.exponent_) >= 0;
  const Number &large = a_larger ? a : b, &small = a_larger ? b : a;
  // Column 0 is one power above the larger number's first digit, for the carry.
  const int top = large.exponent_ + 1;
  const int bottom =
      std::min(large.exponent_ - int(large.digits_.size()), small.exponent_ - int(small.digits_.size())) + 1;
  std::vector<int> columns(std::size_t(top - bottom + 1));
  for (std::size_t i = 0; i < large.digits_.size(); ++i) columns[i + 1] = large.digits_[i] - '0';
  const std::size_t shift = std::size_t(top - small.exponent_);
  const int sign = large.negative_ == small.negative_ ? 1 : -1;
  for (std::size_t i = 0; i < small.digits_.size(); ++i) columns[i + shift] += sign * (small.digits_[i] - '0');
  for (std::size_t i = columns.size() - 1; i > 0; --i) {
    if (columns[i] > 9) columns[i] -= 10, ++columns[i - 1];
    if (columns[i] < 0) columns[i] += 10, --columns[i - 1];
  }
  std::string digits;
  for (int column : columns) digits += char(column + '0');
  return Number::checked(large.negative_, top, std::move(digits));
}

}  // namespace ads::cloud::dynamodb
