#include "directory/json_entries.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "batch/csv.h"
#include "batch/utf8.h"

namespace ads::directory {
namespace {

// The value that begins at `at` of well-formed JSON, without what follows it.
std::string_view value_at(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  bool is_in_string = false;
  for (std::size_t i = at; i < text.size(); ++i) {
    char c = text[i];
    if (is_in_string) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        is_in_string = false;
      if (!is_in_string && depth == 0) return text.substr(at, i + 1 - at);
    } else if (c == '"') {
      is_in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (depth > 0) {
      if ((c == '}' || c == ']') && --depth == 0) return text.substr(at, i + 1 - at);
    } else if (c == ',' || c == '}' || batch::trim(text.substr(i, 1)).empty()) {
      return text.substr(at, i - at);  // a number or a word
    }
  }
  return text.substr(at);
}

struct Member {
  std::string name;
  std::string_view value;
};

// The members of a well-formed object, as it has them.
std::vector<Member> members_of(std::string_view object) {
  std::vector<Member> out;
  for (std::size_t at = object.find('"'); at != object.npos;) {
    auto name = value_at(object, at);
    auto begin = object.find_first_not_of(" \t\r\n:", at + name.size());
    auto value = value_at(object, begin);
    auto decoded = parse_json(name);
    out.push_back({decoded ? std::string(decoded->get_string()) : std::string(name), value});
    at = object.find('"', begin + value.size());
  }
  return out;
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
  Entry entry;
  entry.line = line;
  for (Member& member : members_of(text)) {
    auto same = std::ranges::find(entry.attributes, member.name, &Attribute::name);
    Attribute& attribute = same != entry.attributes.end() ? *same : entry.attributes.emplace_back();
    attribute.name = std::move(member.name);
    attribute.line = line;
    attribute.json = member.value == "null" ? std::string_view() : member.value;
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
