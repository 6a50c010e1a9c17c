#include "batch/user_key.h"

#include <fmt/format.h>

#include <algorithm>

#include "batch/counters.h"
#include "batch/csv.h"
#include "batch/mail.h"

namespace ads::batch {
namespace {

constexpr std::string_view kUrn = "urn:uuid:";

constexpr std::string_view kShape = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";
constexpr std::array<std::size_t, 5> kGroups{8, 4, 4, 4, 12};

// Without a jump, so that the compiler looks at many characters at once.
bool is_hex(char c) {
  auto byte = static_cast<unsigned char>(c);
  auto digit = static_cast<unsigned char>(byte - '0');
  auto letter = static_cast<unsigned char>((byte | 0x20) - 'a');
  return (digit < 10) | (letter < 6);
}

bool has_shape(std::string_view text, std::string_view shape) {
  bool is_same = true;
  for (std::size_t i = 0; i < shape.size(); ++i) is_same &= shape[i] == '-' ? text[i] == '-' : is_hex(text[i]);
  return is_same;
}

// The UUID in `id`, or an empty view.
std::string_view uuid_in(std::string_view id) {
  if (is_uuid(id)) return id;
  if (id.size() > kUrn.size() + 2 && (id[0] == 'u' || id[0] == 'U') && same_name(id.substr(0, kUrn.size()), kUrn))
    id.remove_prefix(kUrn.size());
  if (id.size() > 2 && ((id.front() == '{' && id.back() == '}') || (id.front() == '(' && id.back() == ')')))
    id = id.substr(1, id.size() - 2);
  return is_uuid(id) ? id : std::string_view{};
}

std::string_view spell(std::string_view uuid, UserKeyForm form, UuidText& buffer) {
  if (uuid.size() == buffer.size()) {
    std::ranges::copy(uuid, buffer.begin());
  } else {
    char* to = buffer.data();
    for (std::size_t size : kGroups) {
      if (to != buffer.data()) *to++ = '-';
      to = std::ranges::copy(uuid.substr(0, size), to).out;
      uuid.remove_prefix(size);
    }
  }
  if (form == UserKeyForm::uuid_lower)
    for (char& c : buffer) c = static_cast<char>(c | (c >= 'A' ? 0x20 : 0));
  if (form == UserKeyForm::uuid_upper)
    for (char& c : buffer) c = static_cast<char>(c & (c >= 'a' ? ~0x20 : ~0));
  return {buffer.data(), buffer.size()};
}

// Cheap, and true for all ids that a form may change.
bool may_change(std::string_view id, UserKeyForm form) {
  if (id.empty()) return false;
  if (form != UserKeyForm::as_is) return id.size() >= 32;
  char first = id.front();
  return first == '{' || first == '(' || ((first == 'u' || first == 'U') && id.size() > kUrn.size() + 2);
}

}  // namespace

std::string_view to_string(UserKeyForm form) {
  switch (form) {
    case UserKeyForm::as_is:
      return "as-is";
    case UserKeyForm::uuid_lower:
      return "uuid-lower";
    case UserKeyForm::uuid_upper:
      return "uuid-upper";
  }
  return "?";
}

std::optional<UserKeyForm> parse_user_key_form(std::string_view text) {
  for (auto form : {UserKeyForm::as_is, UserKeyForm::uuid_lower, UserKeyForm::uuid_upper})
    if (to_string(form) == text) return form;
  return std::nullopt;
}

bool is_uuid(std::string_view text) {
  if (text.size() == kShape.size()) return has_shape(text, kShape);
  return text.size() == 32 && std::ranges::all_of(text, is_hex);
}

std::string_view user_key(std::string_view id, UserKeyForm form, UuidText& buffer) {
  if (!may_change(id, form)) return id;
  std::string_view uuid = uuid_in(id);
  if (uuid.empty()) return id;
  return form == UserKeyForm::as_is ? uuid : spell(uuid, form, buffer);
}

bool has_other_spelling(std::string_view key) {
  if (!is_uuid(key)) return false;
  UuidText buffer;
  return spell(key, UserKeyForm::uuid_lower, buffer) != key || spell(key, UserKeyForm::uuid_upper, buffer) != key;
}

std::string other_spelling_sentence(const Counters& counters) {
  if (counters.other_spelling <= counters.processed + counters.not_active) return {};
  return fmt::format(
      "{} of {} users that were not found are UUIDs that can be spelled otherwise (letter case, hyphens): if the users "
      "table does, set the parameter UserKeyForm to uuid-lower or uuid-upper.",
      with_thousands(counters.other_spelling), with_thousands(counters.not_found));
}

}  // namespace ads::batch
