#include "directory/json_entries.h"

#include <fmt/format.h>

#include <charconv>

#include "batch/csv.h"
#include "batch/utf8.h"

namespace ads::directory {
namespace {

constexpr std::size_t kExactDigits = 17;  // of a double

// True where the token is an integer of 64 bits, or short enough for a double.
bool is_exact(std::string_view token) {
  std::uint64_t number = 0;
  std::string_view whole = token.starts_with('-') ? token.substr(1) : token;
  auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), number);
  bool is_integer = error == std::errc() && end == whole.data() + whole.size();
  if (is_integer) return !token.starts_with('-') || number <= std::uint64_t{1} << 63;
  std::size_t digits = 0;
  for (char c : whole.substr(0, whole.find_first_of("eE"))) {
    if (c < '0' || c > '9') continue;
    if (digits > 0 || c != '0') ++digits;
  }
  return digits <= kExactDigits;
}

// The first number outside of strings that would lose digits; empty where there is none.
std::string_view inexact_number(std::string_view text) {
  bool is_in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_in_string) {
      if (text[i] == '\\')
        ++i;
      else if (text[i] == '"')
        is_in_string = false;
    } else if (text[i] == '"') {
      is_in_string = true;
    } else if (text[i] == '-' || (text[i] >= '0' && text[i] <= '9')) {
      std::size_t end = std::min(text.find_first_not_of("0123456789.eE+-", i), text.size());
      if (!is_exact(text.substr(i, end - i))) return text.substr(i, end - i);
      i = end - 1;
    }
  }
  return {};
}

}  // namespace

EntryStep JsonEntries::entry_of(std::string_view text, std::uint64_t line) {
  auto bad = [&](std::string why) { return EntryStep(BadEntry{line, {}, std::move(why)}); };
  if (auto at = batch::find_invalid_utf8(text); at != text.npos)
    return bad(
        fmt::format("byte {} of the entry (0x{:02X}) is not UTF-8: save the file as UTF-8, or say what it is: "
                    "--encoding windows-1252",
                    at + 1, static_cast<unsigned char>(text[at])));
  auto object = parse_json_object(text);
  if (!object) return bad(object.error().message);
  if (auto number = inexact_number(text); !number.empty())
    return bad(fmt::format("the number {} has more digits than are kept: write it as a text, in quotes", number));
  Entry entry;
  entry.line = line;
  for (auto& member : *object) {
    Attribute& attribute = entry.attributes.emplace_back();
    attribute.name = member.key();
    attribute.line = line;
    attribute.json = std::move(member.value());
  }
  return EntryStep(std::move(entry));
}

// Lines where the first one is an object. False: there is nothing at all.
Result<bool> JsonEntries::choose_form() {
  auto beginning = text_.beginning();
  if (!beginning) return fail(beginning.error());
  std::string_view text = batch::trim(*beginning);
  if (text.empty()) return false;
  std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  form_ = line.size() < text.size() && parse_json_object(line) ? Form::lines : Form::elements;
  return true;
}

Result<EntryStep> JsonEntries::next() {
  if (form_ == Form::unknown) {
    auto has_form = choose_form();
    if (!has_form) return fail(has_form.error());
    if (!*has_form) return EntryStep(EndOfEntries{});
  }
  return form_ == Form::lines ? next_line() : next_element();
}

Result<EntryStep> JsonEntries::next_line() {
  for (;;) {
    auto line = text_.next_line();
    if (!line) return fail(line.error());
    if (!*line) return EntryStep(EndOfEntries{});
    std::string_view text = batch::trim(**line);
    if (!text.empty()) return entry_of(text, text_.line_number());
  }
}

bool JsonEntries::take(char c) {
  if (element_.empty()) {
    // Between elements: the array's own signs, and blanks.
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == '[' || c == ']') return false;
    element_line_ = line_;
    element_ += c;
    depth_ = c == '{' ? 1 : 0;
    is_in_string_ = c == '"';
    return false;
  }
  if (depth_ == 0 && !is_in_string_) {  // a scalar
    if (c == ' ' || c == '\n' || c == '\r' || c == ',' || c == ']' || c == '{') return true;
    element_ += c;
    return false;
  }
  element_ += c;
  if (is_in_string_) {
    if (is_escaped_)
      is_escaped_ = false;
    else if (c == '\\')
      is_escaped_ = true;
    else if (c == '"')
      is_in_string_ = false;
    return !is_in_string_ && depth_ == 0;
  }
  if (c == '"') is_in_string_ = true;
  if (c == '{') ++depth_;
  if (c == '}') --depth_;
  return depth_ == 0 && !is_in_string_;
}

Result<EntryStep> JsonEntries::next_element() {
  for (;;) {
    for (; at_ < piece_.size(); ++at_) {
      char c = piece_[at_];
      bool is_complete = take(c);
      bool is_consumed = !is_complete || c == '}' || c == '"';
      if (is_consumed && c == '\n') ++line_;
      if (!is_complete) continue;
      if (is_consumed) ++at_;
      auto step = entry_of(element_, element_line_);
      element_.clear();
      return step;
    }
    if (element_.size() > kLongestLine)
      return fail(ErrorKind::invalid, "EntryTooLong",
                  fmt::format("the entry that begins in line {} has more than {} bytes", element_line_, kLongestLine));
    auto piece = text_.next_piece();
    if (!piece) return fail(piece.error());
    if (piece->empty()) break;
    piece_ = *piece;
    at_ = 0;
  }
  if (element_.empty()) return EntryStep(EndOfEntries{});
  auto step = entry_of(element_, element_line_);
  element_.clear();
  if (auto* bad = std::get_if<BadEntry>(&step)) bad->why += " (the text ends here)";
  return step;
}

}  // namespace ads::directory
