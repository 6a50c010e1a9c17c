// The one way for text that others wrote (keys, users, messages, logs, function output) to reach a terminal: what could
// move the cursor, change colors, or reorder what is read is shown as an escape.
#pragma once
#include <string>
#include <string_view>

namespace ads::cli {

// For one field of a line. C0, DEL, C1, bidirectional controls and line separators become \n, \t, \r or \uXXXX; bytes
// that are not UTF-8 become \xNN. Everything else is unchanged, backslashes too: this is for reading, not for parsing.
std::string printable(std::string_view text);
// The same for text of several lines: its newlines and tabs stay.
std::string printable_lines(std::string_view text);
// For serialized JSON: the same document, its strings escaped; newlines between its tokens stay.
std::string printable_json(std::string_view serialized);

}  // namespace ads::cli
