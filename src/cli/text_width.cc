#include "cli/text_width.h"

#include <algorithm>

namespace ads::cli {
namespace {

struct Range {
  char32_t first, last;
};
// Unicode 15's wide and fullwidth blocks, and the emoji that terminals draw wide.
constexpr Range kWide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x33ff},  {0x3400, 0x4dbf},
                           {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xac00, 0xd7a3},  {0xf900, 0xfaff},
                           {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},  {0x1f300, 0x1f64f},
                           {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};
// Combining marks, zero-width space and joiners, variation selectors.
constexpr Range kNothing[] = {{0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a}, {0x064b, 0x065f},
                              {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200d},
                              {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}};

bool is_in(char32_t c, const auto& ranges) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

std::size_t columns_of(char32_t c) {
  if (c < 0x300) return 1;
  return is_in(c, kNothing) ? 0 : is_in(c, kWide) ? 2 : 1;
}

void wrap_line(std::string_view line, std::size_t columns, std::vector<std::string>& into) {
  if (line.empty() || line.front() == ' ') {
    into.emplace_back(line);
    return;
  }
  std::string row;
  for (std::size_t at = 0; at < line.size();) {
    auto end = std::min(line.find(' ', at), line.size());
    auto word = line.substr(at, end - at);
    at = end + 1;
    if (!row.empty() && width_of(row) + 1 + width_of(word) > columns) {
      into.push_back(std::move(row));
      row.clear();
    }
    row += (row.empty() ? "" : " ") + std::string(word);
  }
  into.push_back(std::move(row));
}

}  // namespace

Character next_character(std::string_view text, std::size_t at) {
  constexpr Character kInvalid{0xfffd, 1, false};
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + length > text.size()) return kInvalid;
  char32_t c = lead & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return kInvalid;
    c = (c << 6) | (byte(i) & 0x3fu);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (c < kLeast[length] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return kInvalid;
  return {c, length, true};
}

std::size_t width_of(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    auto character = next_character(text, at);
    columns += columns_of(character.code_point);
    at += character.length;
  }
  return columns;
}

std::string cut(std::string_view text, std::size_t columns) {
  std::size_t seen = 0;
  for (std::size_t at = 0; at < text.size();) {
    auto character = next_character(text, at);
    seen += columns_of(character.code_point);
    if (seen > columns) return std::string(text.substr(0, at));
    at += character.length;
  }
  return std::string(text);
}

std::string shortened(std::string_view text, std::size_t columns) {
  if (width_of(text) <= columns) return std::string(text);
  return columns <= 3 ? cut(text, columns) : cut(text, columns - 3) + "...";
}

std::string padded(std::string text, std::size_t columns) {
  auto width = width_of(text);
  if (width < columns) text.append(columns - width, ' ');
  return text;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at <= text.size();) {
    auto end = std::min(text.find('\n', at), text.size());
    wrap_line(text.substr(at, end - at), columns, lines);
    at = end + 1;
  }
  return lines;
}

std::vector<std::string> folded(std::string_view line, std::size_t columns) {
  if (width_of(line) <= columns) return {std::string(line)};
  const std::size_t own = std::min(line.find_first_not_of(' '), line.size());
  const std::string indent(own + 2, ' ');
  std::vector<std::string> rows;
  std::string row(line.substr(0, own));
  bool is_empty = true;  // nothing but its indent
  std::size_t gap = 0;   // before the next word, as the line has it
  for (std::size_t at = own; at < line.size();) {
    auto end = std::min(line.find(' ', at), line.size());
    auto word = line.substr(at, end - at);
    if (!is_empty && width_of(row) + gap + width_of(word) > columns) {
      rows.push_back(std::move(row));
      row = indent;
      is_empty = true;
    }
    if (!is_empty) row.append(gap, ' ');
    row += word;
    is_empty = false;
    at = std::min(line.find_first_not_of(' ', end), line.size());
    gap = at - end;
  }
  rows.push_back(std::move(row));
  return rows;
}

}  // namespace ads::cli
