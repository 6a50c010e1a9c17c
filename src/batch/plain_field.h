// The fields of plain lines, of rows as of objects. Each function gives what follows the field, nullptr where that is
// not plain. As in byte_scan.h, a line end stops them.
#pragma once
#include <cstddef>
#include <string_view>

#include "batch/byte_scan.h"

namespace ads::batch {

// Digits; what follows them.
inline const char* take_plain_number(const char* p, int& value) {
  constexpr std::size_t most_digits = 5;
  auto digit = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(p[i])) - '0'; };
  unsigned sum = digit(0);
  if (sum > 9) return nullptr;
  std::size_t count = 1;
  for (; digit(count) <= 9; ++count) {
    if (count == most_digits) return nullptr;
    sum = sum * 10 + digit(count);
  }
  value = static_cast<int>(sum);
  return p + count;
}

// An id, or a UUID in braces or parentheses with them.
inline const char* take_plain_id(const char* p, std::string_view& id) {
  const char* begin = p;
  char closing = *p == '{' ? '}' : *p == '(' ? ')' : '\0';
  p = find_id_end(p + (closing != '\0'));
  if (closing != '\0' && *p++ != closing) return nullptr;
  id = {begin, static_cast<std::size_t>(p - begin)};
  return p;
}

}  // namespace ads::batch
