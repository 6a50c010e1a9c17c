#include "batch/mail.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "batch/utf8.h"

namespace ads::batch {

namespace {

// Rows are ranges, both ends included.
struct Range {
  char32_t first, last;
};
constexpr Range kHidden[] = {{0x00, 0x1f},     {0x7f, 0xa0},     {0xad, 0xad},     {0x61c, 0x61c},   {0x180e, 0x180e},
                             {0x200b, 0x200f}, {0x2028, 0x202f}, {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}};

bool is_hidden(char32_t c) {
  for (const Range& range : kHidden)
    if (c >= range.first && c <= range.last) return true;
  return false;
}

// The character at the front of well-formed UTF-8, and how many bytes it has.
std::pair<char32_t, std::size_t> first_character(std::string_view text) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return {byte(0), 1};
  std::size_t length = byte(0) < 0xe0 ? 2 : byte(0) < 0xf0 ? 3 : 4;
  char32_t c = byte(0) & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) c = c << 6 | (byte(i) & 0x3fu);
  return {c, length};
}

// `kept` are controls that stay.
std::string shown(std::string_view text, std::string_view kept) {
  std::string repaired = repair_utf8(text), out;
  out.reserve(repaired.size());
  for (std::string_view rest = repaired; !rest.empty();) {
    auto [c, length] = first_character(rest);
    if (is_hidden(c) && kept.find(rest[0]) == kept.npos)
      out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(c));
    else
      out += rest.substr(0, length);
    rest.remove_prefix(length);
  }
  return out;
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (char c : shown(text, "\n\t")) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string header_line(std::string_view text) {
  return shorten(plain_line(text), 200);
}

std::string plain_line(std::string_view text) {
  return shown(text, {});
}

std::string with_thousands(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

}  // namespace ads::batch
