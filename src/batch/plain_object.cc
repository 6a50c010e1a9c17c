// A plain JSON line: an object whose three members that count have plain values and occur once each; further ones are
// checked as JSON and skipped. What Boost.JSON would refuse is never plain.
#include "batch/csv.h"
#include "batch/plain_field.h"
#include "batch/plain_line.h"

namespace ads::batch {
namespace {

constexpr int kMostLevels = 8;

const char* skip_spaces(const char* p) {
  while (*p == ' ' || *p == '\t') ++p;
  return p;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The functions below give what follows, nullptr where the value is not plain.

// From behind the opening quote.
const char* skip_string(const char* p) {
  for (;;) {
    p = find_string_end(p);
    if (*p == '"') return p + 1;
    if (*p != '\\' || !std::string_view("\"\\/bfnrt").contains(p[1])) return nullptr;
    p += 2;
  }
}

const char* skip_digits(const char* p) {
  const char* begin = p;
  while (is_digit(*p)) ++p;
  return p != begin && p - begin <= 15 ? p : nullptr;
}

const char* skip_number(const char* p) {
  if (*p == '-') ++p;
  const char* begin = p;
  p = skip_digits(p);
  if (!p || (*begin == '0' && p != begin + 1)) return nullptr;
  if (*p != '.') return p;
  return skip_digits(p + 1);
}

const char* skip_word(const char* p, std::string_view word) {
  return std::memcmp(p, word.data(), word.size()) == 0 ? p + word.size() : nullptr;
}

const char* skip_value(const char* p, int levels);

// An array or an object, from behind its opening bracket.
const char* skip_values(const char* p, int levels, char closing) {
  p = skip_spaces(p);
  if (*p == closing) return p + 1;
  for (;;) {
    if (closing == '}') {
      if (*p != '"' || !(p = skip_string(p + 1))) return nullptr;
      p = skip_spaces(p);
      if (*p++ != ':') return nullptr;
      p = skip_spaces(p);
    }
    if (!(p = skip_value(p, levels))) return nullptr;
    p = skip_spaces(p);
    if (*p == closing) return p + 1;
    if (*p++ != ',') return nullptr;
    p = skip_spaces(p);
  }
}

const char* skip_value(const char* p, int levels) {
  switch (*p) {
    case '"':
      return skip_string(p + 1);
    case '{':
    case '[':
      return levels == 0 ? nullptr : skip_values(p + 1, levels - 1, *p == '{' ? '}' : ']');
    case 't':
      return skip_word(p, "true");
    case 'f':
      return skip_word(p, "false");
    case 'n':
      return skip_word(p, "null");
    default:
      return skip_number(p);
  }
}

// 503 or "503". In a string there may be zeros in front.
const char* take_number(const char* p, int& value) {
  if (*p == '"') {
    p = take_plain_number(p + 1, value);
    return p && *p == '"' ? p + 1 : nullptr;
  }
  return *p == '0' && is_digit(p[1]) ? nullptr : take_plain_number(p, value);
}

const char* take_id(const char* p, std::string_view& id) {
  if (*p != '"') return nullptr;
  p = take_plain_id(p + 1, id);
  return p && *p == '"' ? p + 1 : nullptr;
}

}  // namespace

// From behind the opening quote. The last few names are remembered: a file's lines tend to have the same ones.
const char* PlainLineReader::take_name(const char* p, std::size_t place, Role& role) {
  KnownName* known = place < names_.size() ? &names_[place] : nullptr;
  if (known && known->size != 0) {
    auto halves = std::bit_cast<std::array<std::uint64_t, 2>>((load_block(p) ^ known->name) & known->mask);
    if ((halves[0] | halves[1]) == 0) {
      role = known->role;
      return p + known->size;
    }
  }
  const char* end = find_string_end(p);
  if (*end != '"') return nullptr;
  std::string_view name(p, static_cast<std::size_t>(end - p));
  role = Role::other;
  if (same_name(name, "statusCode")) role = Role::status;
  if (same_name(name, "retryCount")) role = Role::retry;
  if (same_name(name, "serviceUUID")) role = Role::id;
  std::size_t size = name.size() + 1;
  if (known && size <= kReadAhead) {
    known->name = load_block(p);
    for (std::size_t i = 0; i < kReadAhead; ++i) known->mask[i] = i < size ? 0xff : 0;
    known->size = size;
    known->role = role;
  }
  return p + size;
}

// From behind the opening quote of its name. `seen` has a bit for each role.
const char* PlainLineReader::take_member(const char* p, std::size_t place, unsigned& seen, Found& found) {
  Role role;
  p = take_name(p, place, role);
  if (!p) return nullptr;
  p = skip_spaces(p);
  if (*p++ != ':') return nullptr;
  p = skip_spaces(p);
  if (role == Role::other) return skip_value(p, kMostLevels);
  unsigned bit = 1u << static_cast<unsigned>(role);
  if (seen & bit) return nullptr;  // twice, maybe in two spellings
  seen |= bit;
  switch (role) {
    case Role::status:
      return take_number(p, found.status);
    case Role::retry:
      return take_number(p, found.retry);
    default:
      return take_id(p, found.id);
  }
}

const char* PlainLineReader::take_object(const char* p, Found& found) {
  constexpr unsigned all_seen = 0b111;
  p = skip_spaces(p);
  if (*p++ != '{') return nullptr;
  unsigned seen = 0;
  for (std::size_t place = 0;; ++place) {
    p = skip_spaces(p);
    if (*p != '"' || !(p = take_member(p + 1, place, seen, found))) return nullptr;
    p = skip_spaces(p);
    if (*p == '}') break;
    if (*p++ != ',') return nullptr;
  }
  return seen == all_seen ? skip_spaces(p + 1) : nullptr;
}

}  // namespace ads::batch
