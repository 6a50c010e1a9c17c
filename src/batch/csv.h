// The fields of one CSV line: RFC 4180's quoting, no newline inside a field, blanks around fields trimmed.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ads::batch {

// Kept and used again for line after line, it stops allocating. Views live until the next split().
class CsvFields {
 public:
  // False when a quoted field isn't closed, or continues after its closing quote; the fields before it can be read.
  bool split(std::string_view line, char separator = ',');

  std::size_t size() const { return fields_.size(); }
  std::string_view operator[](std::size_t i) const { return fields_[i]; }
  // True when there is nothing in any field: a row that a spreadsheet left empty.
  bool are_empty() const;

 private:
  std::vector<std::string_view> fields_;
  std::string unescaped_;  // the fields in which "" stood for ", one after the other; never grows while views exist
};

// Without the blanks at both ends: white space of ASCII and of Unicode (no-break spaces too), characters without width
// (zero-width space, direction marks, a byte-order mark), and 0x1A, the end of a file under DOS.
std::string_view trim(std::string_view text);
inline bool is_blank(std::string_view text) {
  return trim(text).empty();
}

// A name as programs spell it: equal but for the case of ASCII letters and for blanks, hyphens and underscores.
bool same_name(std::string_view a, std::string_view b);

}  // namespace ads::batch
