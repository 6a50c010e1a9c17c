#include "batch/csv.h"

namespace ads::batch {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool CsvFields::split(std::string_view line) {
  fields_.clear();
  unescaped_.clear();
  unescaped_.reserve(line.size());
  for (;;) {
    while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    if (!line.starts_with('"')) {
      std::size_t comma = line.find(',');
      fields_.push_back(trim(line.substr(0, comma)));
      if (comma == line.npos) return true;
      line.remove_prefix(comma + 1);
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
    if (escaped) {
      std::size_t begin = unescaped_.size();
      for (std::size_t i = 0; i < field.size(); ++i) {
        unescaped_ += field[i];
        if (field[i] == '"') ++i;
      }
      field = std::string_view(unescaped_).substr(begin);
    }
    fields_.push_back(trim(field));
    line.remove_prefix(end + 1);
    while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    if (line.empty()) return true;
    if (line.front() != ',') return false;
    line.remove_prefix(1);
  }
}

}  // namespace ads::batch
