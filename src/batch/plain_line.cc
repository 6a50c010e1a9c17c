#include "batch/plain_line.h"

#include <algorithm>

#include "batch/record.h"
#include "batch/user_key.h"

namespace ads::batch {
namespace {

constexpr int kMostReturns = 2;  // that belong to a line's ending

// A separator that no field has, quoted or not.
bool is_usual(char separator) {
  return separator == ',' || separator == ';' || separator == '\t' || separator == '|';
}

}  // namespace

PlainLineReader::PlainLineReader(const Layout& layout, UserKeyForm form)
    : layout_(layout), form_(form), line_end_(layout.line_end_byte()) {
  std::size_t count = std::max({layout.status_column, layout.retry_column, layout.uuid_column}) + std::size_t{1};
  if (layout.format != Layout::Format::csv || !is_usual(layout.separator) || count > roles_.size()) return;
  role_count_ = count;
  roles_.fill(Role::other);
  roles_[layout.status_column] = Role::status;
  roles_[layout.retry_column] = Role::retry;
  roles_[layout.uuid_column] = Role::id;
}

std::size_t PlainLineReader::read(const char* begin, Line& line) {
  Found found;
  const char* end = layout_.format == Layout::Format::csv ? take_row(begin, found) : take_object(begin, found);
  return end ? finish(begin, end, found, line) : 0;
}

// `end`: where only the line's ending may follow, or at that.
std::size_t PlainLineReader::finish(const char* begin, const char* end, const Found& found, Line& line) {
  if (line_end_ != '\r')
    for (int i = 0; i < kMostReturns && *end == '\r'; ++i) ++end;
  if (*end != line_end_) return 0;
  const char* text_end = end;
  for (int i = 0; i < kMostReturns && text_end[-1] == '\r'; ++i) --text_end;
  std::string_view text(begin, static_cast<std::size_t>(text_end - begin));
  if (text.size() > kMaxLine) return 0;

  if (found.status < 100 || found.status > 599 || found.retry > kMaxRetryCount || found.id.empty()) return 0;
  std::string_view id = found.id;
  char first = id.front();
  bool is_enclosed = first == '{' || first == '(';
  if (form_ != UserKeyForm::as_is || is_enclosed || first == 'u' || first == 'U') {
    id = user_key(found.id, form_, key_);
    if (is_enclosed && id == found.id) return 0;
  }
  if (id.size() > kMaxServiceUuid) return 0;
  line.kind = Line::Kind::record;
  line.text = text;
  line.is_truncated = false;
  line.status_code = found.status;
  line.retry_count = found.retry;
  line.service_uuid = id;
  return static_cast<std::size_t>(end + 1 - begin);
}

}  // namespace ads::batch
