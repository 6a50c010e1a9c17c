// A mail's content, before anybody decides how to send it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace ads::batch {

struct Mail {
  std::string subject;  // one line, no control characters, at most 200 characters
  std::string html;
  std::string text;
};

// All three show as \uXXXX what cannot be seen or changes how the rest is read: C0 and C1 controls, no-break spaces,
// characters without width, bidirectional controls, line separators. Invalid UTF-8 becomes U+FFFD.

// & < > " ' escaped too; newlines and tabs stay.
std::string escape_html(std::string_view text);
// Safe as a mail header: one line, cut to 200 characters.
std::string header_line(std::string_view text);
// For one line of plain text: no content can look like our own lines.
std::string plain_line(std::string_view text);
// 1234567 as "1,234,567".
std::string with_thousands(std::uint64_t number);

}  // namespace ads::batch
