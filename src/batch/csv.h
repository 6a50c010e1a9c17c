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
  // False when a quoted field isn't closed, or goes on after its closing quote.
  bool split(std::string_view line);

  std::size_t size() const { return fields_.size(); }
  std::string_view operator[](std::size_t i) const { return fields_[i]; }

 private:
  std::vector<std::string_view> fields_;
  std::string unescaped_;  // the fields in which "" stood for ", one after the other; never grows while views exist
};

// Without the spaces and tabs at both ends.
std::string_view trim(std::string_view text);

}  // namespace ads::batch
