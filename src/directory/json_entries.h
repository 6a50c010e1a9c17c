// Users as JSON: an array of objects, objects one after the other, or JSON Lines.
#pragma once
#include <deque>

#include "directory/entry.h"
#include "directory/text.h"

namespace ads::directory {

class JsonEntries : public EntryReader {
 public:
  explicit JsonEntries(Text& text) : text_(text) {}

  // What is not an object, or not JSON between matching braces, is a BadEntry; so is a number with more digits than
  // can be kept. Errors: those of the text; invalid / "EntryTooLong".
  Result<EntryStep> next() override;

 private:
  Result<bool> choose_form();
  Result<EntryStep> next_line();
  Result<EntryStep> next_element();
  bool take(char c);  // true: element_ is complete
  static EntryStep entry_of(std::string_view text, std::uint64_t line);

  Text& text_;
  enum class Form { unknown, lines, elements } form_ = Form::unknown;
  std::string piece_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1, element_line_ = 1;
  std::string element_;
  int depth_ = 0;
  bool is_in_string_ = false, is_escaped_ = false;
};

}  // namespace ads::directory
