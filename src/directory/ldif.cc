#include "directory/ldif.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "batch/csv.h"

namespace ads::directory {
namespace {

// "name;option: value" in its parts; the value as bytes.
struct ValueLine {
  std::string_view name;
  bool has_options = false;
  enum class Form { text, base64, url } form = Form::text;
  std::string_view value;  // as written
};

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == ';' || c == '_' || c == '=';
  });
}

std::optional<ValueLine> parse_line(std::string_view line) {
  std::size_t colon = line.find(':');
  if (colon == line.npos || !is_name(line.substr(0, colon))) return std::nullopt;
  ValueLine out;
  std::string_view description = line.substr(0, colon);
  out.name = description.substr(0, description.find(';'));
  out.has_options = out.name.size() < description.size();
  if (out.name.empty()) return std::nullopt;
  std::string_view rest = line.substr(colon + 1);
  if (rest.starts_with(':'))
    out.form = ValueLine::Form::base64;
  else if (rest.starts_with('<'))
    out.form = ValueLine::Form::url;
  if (out.form != ValueLine::Form::text) rest.remove_prefix(1);
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  out.value = rest;
  return out;
}

bool is(std::string_view name, std::string_view expected) {
  return name.size() == expected.size() && batch::same_name(name, expected);
}

}  // namespace

// What has been read of the lines up to the next blank one.
struct LdifReader::Record {
  Entry entry;
  std::optional<BadEntry> bad;
  enum class Kind { none, entry, reference, result } kind = Kind::none;
  std::size_t plain_values = 0;

  void refuse(std::uint64_t line, std::string why) {
    if (!bad) bad = BadEntry{line, {}, std::move(why)};
  }
  void add(const ValueLine& line, std::uint64_t number, std::string value) {
    auto found = std::ranges::find_if(entry.attributes, [&](const Attribute& a) { return is(a.name, line.name); });
    if (found == entry.attributes.end()) {
      Attribute& added = entry.attributes.emplace_back();
      added.name = line.name;
      added.line = number;
      found = entry.attributes.end() - 1;
    }
    // A value without options ("givenName") is the first choice, before those with ("givenName;lang-de").
    if (!line.has_options && option_values_.contains(found->name)) {
      auto at = static_cast<std::ptrdiff_t>(found->values.size() - option_values_[found->name]);
      found->values.insert(found->values.begin() + at, std::move(value));
      return;
    }
    if (line.has_options) ++option_values_[found->name];
    found->values.push_back(std::move(value));
  }

 private:
  std::map<std::string, std::size_t> option_values_;
};

// The next line with its continuations; false at the end.
Result<bool> LdifReader::read_unfolded() {
  if (has_ahead_) {
    line_ = std::move(ahead_);
    line_number_ = ahead_number_;
    has_ahead_ = false;
  } else {
    auto line = text_.next_line();
    if (!line) return fail(line.error());
    if (!*line) return false;
    line_ = **line;
    line_number_ = text_.line_number();
  }
  if (line_.empty()) return true;
  for (;;) {
    auto next = text_.next_line();
    if (!next) return fail(next.error());
    if (!*next) return true;
    std::string_view line = **next;
    if (!line.starts_with(' ')) {
      ahead_ = line;
      ahead_number_ = text_.line_number();
      has_ahead_ = true;
      return true;
    }
    if (line_.starts_with('#')) continue;
    if (line_.size() + line.size() > kLongestLine)
      return fail(ErrorKind::invalid, "LineTooLong",
                  fmt::format("the folded line {} has more than {} bytes", line_number_, kLongestLine));
    line_ += line.substr(1);
  }
}

Result<void> LdifReader::judge_result(std::string_view value) const {
  int code = 0;
  auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), code);
  if (error == std::errc() && code == 0) return {};
  return fail(
      ErrorKind::unavailable, "IncompleteSearch",
      fmt::format("line {}: the directory ended the search with '{}': entries are missing{}", line_number_, value,
                  code == 4 || code == 11 ? "; ask for them in pages: ldapsearch -E pr=1000/noprompt" : ""));
}

Result<void> LdifReader::read_record(Record& record) {
  for (;;) {
    auto has_line = read_unfolded();
    if (!has_line) return fail(has_line.error());
    if (!*has_line) return {};
    std::string_view line = line_;
    if (batch::trim(line).empty()) {
      if (record.kind == Record::Kind::none && !record.bad) continue;
      return {};
    }
    if (line.starts_with('#')) continue;
    bool is_first_line = std::exchange(is_first_line_, false);
    if (record.entry.line == 0) record.entry.line = line_number_;
    auto parsed = parse_line(line);
    if (!parsed) {
      record.refuse(line_number_, line == "-" ? "'-' belongs to a change of an entry: only whole entries are read"
                                              : "not a line of LDIF ('attribute: value')");
      continue;
    }
    bool is_start = record.kind == Record::Kind::none && !record.bad;
    if (is_start && is(parsed->name, "version") && parsed->form == ValueLine::Form::text && is_first_line) {
      if (batch::trim(parsed->value) != "1")
        return fail(ErrorKind::invalid, "LdifVersion",
                    fmt::format("line {}: LDIF version {}: only version 1 is known", line_number_, parsed->value));
      record.entry.line = 0;
      continue;
    }
    if (is_start && is(parsed->name, "ref")) record.kind = Record::Kind::reference;
    if (is_start && (is(parsed->name, "search") || is(parsed->name, "result"))) record.kind = Record::Kind::result;
    if (record.kind == Record::Kind::result && is(parsed->name, "result"))
      if (auto judged = judge_result(parsed->value); !judged) return judged;
    if (record.kind == Record::Kind::reference || record.kind == Record::Kind::result) continue;
    if (parsed->form == ValueLine::Form::url) {
      record.refuse(line_number_, fmt::format("{}:< {}: a value that is in another file is not read (ldapsearch writes "
                                              "such with -t: leave it out)",
                                              parsed->name, parsed->value));
      continue;
    }
    std::string value(parsed->value);
    if (parsed->form == ValueLine::Form::base64) {
      auto bytes = from_base64(batch::trim(parsed->value));
      if (!bytes) {
        record.refuse(line_number_, fmt::format("{}: not base64", parsed->name));
        continue;
      }
      value = std::move(*bytes);
    }
    if (is(parsed->name, "dn") && record.entry.name.empty() && record.kind == Record::Kind::none) {
      record.kind = Record::Kind::entry;
      record.entry.name = std::move(value);
      continue;
    }
    if (is_start) {
      record.refuse(line_number_, fmt::format("an entry begins with 'dn:', not with '{}:'", parsed->name));
      continue;
    }
    if (is(parsed->name, "changetype")) {
      if (!is(batch::trim(value), "add"))
        record.refuse(line_number_,
                      fmt::format("changetype: {}: only whole entries and 'changetype: add' are read", value));
      continue;
    }
    if (wants_(parsed->name) && !value.empty()) record.add(*parsed, line_number_, std::move(value));
  }
}

Result<EntryStep> LdifReader::next() {
  for (;;) {
    Record record;
    if (auto read = read_record(record); !read) return fail(read.error());
    if (record.bad) {
      record.bad->name = record.entry.name;
      return EntryStep(std::move(*record.bad));
    }
    switch (record.kind) {
      case Record::Kind::none:
        return EntryStep(EndOfEntries{});
      case Record::Kind::entry:
        return EntryStep(std::move(record.entry));
      case Record::Kind::reference:
        ++references_;
        break;
      case Record::Kind::result:
        break;
    }
  }
}

std::vector<std::string> LdifReader::remarks() const {
  if (references_ == 0) return {};
  return {fmt::format("{} {} to other servers: what is there was not read", references_,
                      references_ == 1 ? "reference" : "references")};
}

}  // namespace ads::directory
