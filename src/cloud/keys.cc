#include "cloud/store.h"

namespace ads::cloud {

// A zero byte inside a text is written 00 FF, the terminator is 00 01: both sort before any longer text's next byte
// pair could, so the order of the encoded keys is the order of the fields.
void append_text(std::string& key, std::string_view text) {
  for (char c : text) {
    key += c;
    if (c == '\0') key += '\xff';
  }
  key += '\0';
  key += '\1';
}

void append_number(std::string& key, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>(number >> shift);
}

std::optional<std::string> take_text(std::string_view& key) {
  std::string text;
  for (std::size_t i = 0; i + 1 < key.size(); ++i) {
    if (key[i] != '\0') {
      text += key[i];
    } else if (key[i + 1] == '\1') {
      key.remove_prefix(i + 2);
      return text;
    } else {
      text += '\0';
      ++i;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> take_number(std::string_view& key) {
  if (key.size() < 8) return std::nullopt;
  std::uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(key[i]);
  key.remove_prefix(8);
  return number;
}

std::string after_prefix(std::string_view prefix) {
  std::string after(prefix);
  while (!after.empty() && after.back() == '\xff') after.pop_back();
  if (!after.empty()) after.back() = static_cast<char>(after.back() + 1);
  return after;
}

}  // namespace ads::cloud
