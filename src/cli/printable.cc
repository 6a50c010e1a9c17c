#include "cli/printable.h"

#include <fmt/format.h>

#include "cli/text_width.h"

namespace ads::cli {
namespace {

// Rows are ranges, both ends included. Unicode's Bidi_Control, and the two separators that end a line.
struct Range {
  char32_t first, last;
};
constexpr Range kHidden[] = {{0x00, 0x1f},     {0x7f, 0x9f},     {0x061c, 0x061c}, {0x200e, 0x200f},
                             {0x2028, 0x202e}, {0x2066, 0x2069}, {0xfff9, 0xfffb}};

bool is_hidden(char32_t c) {
  for (const Range& range : kHidden)
    if (c >= range.first && c <= range.last) return true;
  return false;
}

enum class Form { field, lines, json };

std::string escaped(std::string_view text, Form form) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    auto character = next_character(text, at);
    auto bytes = text.substr(at, character.length);
    at += character.length;
    if (!character.is_valid) {
      out += form == Form::json ? "\\ufffd" : fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes.front()));
      continue;
    }
    char32_t c = character.code_point;
    bool stays = !is_hidden(c) || (form != Form::field && (c == '\n' || c == '\t'));
    if (stays)
      out += bytes;
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (c == '\r')
      out += "\\r";
    else
      out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(c));
  }
  return out;
}

}  // namespace

std::string printable(std::string_view text) {
  return escaped(text, Form::field);
}

std::string printable_lines(std::string_view text) {
  return escaped(text, Form::lines);
}

std::string printable_json(std::string_view serialized) {
  return escaped(serialized, Form::json);
}

}  // namespace ads::cli
