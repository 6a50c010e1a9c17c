#include "batch/whole_number.h"

#include <algorithm>
#include <cstdint>

namespace ads::batch {
namespace {

constexpr int kLimit = 1'000'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

int append(int value, int digit) {
  return std::min(kLimit, value * 10 + digit);
}

// The exponent behind 'e', which is used up; nothing when there are no digits.
std::optional<int> take_exponent(std::string_view& text) {
  bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  std::string_view digits = take_digits(text);
  if (digits.empty()) return std::nullopt;
  int value = 0;
  for (char c : digits) value = append(value, c - '0');
  return is_negative ? -value : value;
}

}  // namespace

std::optional<int> parse_whole_number(std::string_view text) {
  bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  std::string_view whole = take_digits(text);
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
  } else if (text == ",0" || text == ",00") {
    text = {};
  }
  if (whole.empty() && fraction.empty()) return std::nullopt;
  int exponent = 0;
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    auto taken = take_exponent(text);
    if (!taken) return std::nullopt;
    exponent = *taken;
  }
  if (!text.empty()) return std::nullopt;

  // The digits before the point, moved by the exponent, are the value; those behind it have to be zeros.
  auto digit_at = [&](std::int64_t i) {
    if (i < static_cast<std::int64_t>(whole.size())) return whole[static_cast<std::size_t>(i)] - '0';
    return fraction[static_cast<std::size_t>(i) - whole.size()] - '0';
  };
  std::int64_t count = static_cast<std::int64_t>(whole.size() + fraction.size());
  std::int64_t point = static_cast<std::int64_t>(whole.size()) + exponent;
  int value = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    if (i < point)
      value = append(value, digit_at(i));
    else if (digit_at(i) != 0)
      return std::nullopt;
  }
  for (std::int64_t i = count; i < point && value != 0 && value < kLimit; ++i) value = append(value, 0);
  return is_negative ? -value : value;
}

}  // namespace ads::batch
