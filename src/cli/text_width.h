// How much room text takes on a terminal: UTF-8, in columns.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ads::cli {

struct Character {
  char32_t code_point = 0;
  std::size_t length = 1;  // bytes
  bool is_valid = true;    // false: one byte that is not UTF-8
};
// The character that begins at `at`, which is inside the text.
Character next_character(std::string_view text, std::size_t at);

// East Asian wide characters and emoji take two columns, combining marks and zero-width characters none.
std::size_t width_of(std::string_view text);
// Cut to at most that many columns; no character is split.
std::string cut(std::string_view text, std::size_t columns);
// As `cut`, but a text that was cut ends in "...".
std::string shortened(std::string_view text, std::size_t columns);
// Filled up with spaces to that many columns.
std::string padded(std::string text, std::size_t columns);

// Lines of at most that many columns, broken at spaces; a word that is longer has a line of its own. Newlines stay, and
// a line that begins with a space (an example) is not broken.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

// One line that is too long, broken at spaces; what continues it is indented by two more than the line itself. A line
// that fits is left as it is, its columns too. A longer word has a row of its own and is not broken: ids and commands
// are there to be copied.
std::vector<std::string> folded(std::string_view line, std::size_t columns);

}  // namespace ads::cli
