#include "batch/csv.h"

#include <algorithm>
#include <array>

namespace ads::batch {
namespace {

constexpr auto kAsciiBlanks = [] {
  std::array<bool, 256> table{};
  for (char c : {' ', '\t', '\r', '\n', '\v', '\f', '\x1a'}) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool is_ascii_blank(char c) {
  return kAsciiBlanks[static_cast<unsigned char>(c)];
}

// U+2000 to U+200F (spaces, zero width, direction marks), U+202A to U+202F (embeddings, narrow no-break space), U+205F,
// U+2060, U+2066 to U+2069 (isolates), U+3000, U+FEFF.
bool is_wide_blank(unsigned char a, unsigned char b, unsigned char c) {
  if (a == 0xe2 && b == 0x80) return (c >= 0x80 && c <= 0x8f) || (c >= 0xaa && c <= 0xaf);
  if (a == 0xe2 && b == 0x81) return c == 0x9f || c == 0xa0 || (c >= 0xa6 && c <= 0xa9);
  return (a == 0xe3 && b == 0x80 && c == 0x80) || (a == 0xef && b == 0xbb && c == 0xbf);
}

// Bytes of the blank at the front, 0 when there is none. A lone 0xA0 is a no-break space of Latin-1.
std::size_t blank_at_front(std::string_view text) {
  if (text.empty()) return 0;
  if (is_ascii_blank(text.front())) return 1;
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return 0;
  if (byte(0) == 0xa0) return 1;
  if (text.size() >= 2 && byte(0) == 0xc2 && byte(1) == 0xa0) return 2;
  return text.size() >= 3 && is_wide_blank(byte(0), byte(1), byte(2)) ? 3 : 0;
}

std::size_t blank_at_back(std::string_view text) {
  if (text.empty()) return 0;
  if (is_ascii_blank(text.back())) return 1;
  auto byte = [&](std::size_t from_back) { return static_cast<unsigned char>(text[text.size() - from_back]); };
  if (byte(1) < 0x80) return 0;
  if (text.size() >= 3 && is_wide_blank(byte(3), byte(2), byte(1))) return 3;
  if (byte(1) != 0xa0) return 0;
  if (text.size() >= 2 && byte(2) == 0xc2) return 2;
  return text.size() == 1 || byte(2) < 0x80 ? 1 : 0;
}

// A separator is never a blank, though it may be a tab.
void skip_blanks(std::string_view& line, char separator) {
  while (!line.empty() && line.front() != separator) {
    std::size_t size = blank_at_front(line);
    if (size == 0) return;
    line.remove_prefix(size);
  }
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (std::size_t size = blank_at_front(text)) text.remove_prefix(size);
  while (std::size_t size = blank_at_back(text)) text.remove_suffix(size);
  return text;
}

bool CsvFields::split(std::string_view line, char separator) {
  fields_.clear();
  unescaped_.clear();
  unescaped_.reserve(line.size());
  for (;;) {
    skip_blanks(line, separator);
    if (!line.starts_with('"')) {
      std::size_t end = line.find(separator);
      fields_.push_back(trim(line.substr(0, end)));
      if (end == line.npos) return true;
      line.remove_prefix(end + 1);
      continue;
    }
    std::size_t end = line.find('"', 1);
    bool escaped = false;
    while (end != line.npos && line.substr(end).starts_with("\"\"")) {
      escaped = true;
      end = line.find('"', end + 2);
    }
    if (end == line.npos) return false;
    std::string_view field = line.substr(1, end - 1);
    line.remove_prefix(end + 1);
    skip_blanks(line, separator);
    if (!line.empty() && line.front() != separator) return false;
    if (escaped) {
      std::size_t begin = unescaped_.size();
      for (std::size_t i = 0; i < field.size(); ++i) {
        unescaped_ += field[i];
        if (field[i] == '"') ++i;
      }
      field = std::string_view(unescaped_).substr(begin);
    }
    fields_.push_back(trim(field));
    if (line.empty()) return true;
    line.remove_prefix(1);
  }
}

bool CsvFields::are_empty() const {
  return std::ranges::all_of(fields_, [](std::string_view field) { return field.empty(); });
}

bool same_name(std::string_view a, std::string_view b) {
  auto next = [](std::string_view& text) {
    while (!text.empty()) {
      char c = text.front();
      std::size_t skipped = c == '-' || c == '_' ? 1 : blank_at_front(text);
      text.remove_prefix(std::max<std::size_t>(skipped, 1));
      if (skipped == 0) return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return '\0';
  };
  for (;;) {
    char left = next(a), right = next(b);
    if (left != right) return false;
    if (left == '\0') return a.empty() && b.empty();
  }
}

}  // namespace ads::batch
