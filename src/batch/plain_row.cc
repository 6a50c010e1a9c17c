// A plain row of CSV: status code and retry count are digits, the service UUID has no characters but its own; quotes
// around a field and spaces around those are fine, quotes inside are not.
#include "batch/plain_field.h"
#include "batch/plain_line.h"

namespace ads::batch {
namespace {

const char* skip_spaces(const char* p) {
  while (*p == ' ') ++p;
  return p;
}

// False for what LineParser may take for a blank, behind which a quote would begin a quoted field.
bool may_begin(char c, char separator) {
  return c == separator || (c > ' ' && c <= '~');
}

}  // namespace

// Behind the last field that counts; nullptr: not plain.
const char* PlainLineReader::take_row(const char* p, Found& found) const {
  if (role_count_ == 0) return nullptr;
  for (std::size_t column = 0;; ++column) {
    p = skip_spaces(p);
    bool is_quoted = *p == '"';
    p += is_quoted;
    switch (roles_[column]) {
      case Role::status:
        p = take_plain_number(p, found.status);
        break;
      case Role::retry:
        p = take_plain_number(p, found.retry);
        break;
      case Role::id:
        p = take_plain_id(p, found.id);
        break;
      case Role::other:
        if (!is_quoted && !may_begin(*p, layout_.separator)) return nullptr;
        p = find_in_line(p, is_quoted ? '"' : layout_.separator, line_end_);
        break;
    }
    if (!p || (is_quoted && *p++ != '"')) return nullptr;
    p = skip_spaces(p);
    if (column + 1 == role_count_) break;
    if (*p++ != layout_.separator) return nullptr;
  }
  return *p == layout_.separator ? take_other_columns(p) : p;
}

// From the separator behind the last field that counts: further columns of the header, and empty ones behind those.
const char* PlainLineReader::take_other_columns(const char* p) const {
  if (layout_.allows_more_fields()) return find_in_line(p, line_end_, line_end_);
  for (std::size_t column = role_count_; *p == layout_.separator; ++column) {
    p = skip_spaces(p + 1);
    if (column >= layout_.column_count) continue;
    if (*p == '"' || (*p != line_end_ && *p != '\r' && !may_begin(*p, layout_.separator))) return nullptr;
    p = find_in_line(p, layout_.separator, line_end_);
  }
  return p;
}

}  // namespace ads::batch
