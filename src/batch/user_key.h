// The key that a user is looked up by, for the id that a line contains: UUIDs have many spellings, a table has one.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ads::batch {

struct Counters;

// How the users table spells UUIDs (parameter UserKeyForm).
enum class UserKeyForm {
  as_is,       // as the file does
  uuid_lower,  // 6f9619ff-8b86-d011-b42d-00c04fc964ff
  uuid_upper,  // 6F9619FF-8B86-D011-B42D-00C04FC964FF
};
std::string_view to_string(UserKeyForm form);  // "as-is", "uuid-lower", "uuid-upper"
std::optional<UserKeyForm> parse_user_key_form(std::string_view text);

using UuidText = std::array<char, 36>;

// A UUID is 32 hex digits of any case, with or without the four hyphens, in braces or parentheses or behind "urn:uuid:"
// or not. What surrounds it is removed always; the other forms write it with hyphens in one case, in `buffer`. Any
// other id is left as it is.
std::string_view user_key(std::string_view id, UserKeyForm form, UuidText& buffer);

// 32 hex digits, with the four hyphens or without.
bool is_uuid(std::string_view text);

// True for a UUID (not one in braces) that uuid_lower or uuid_upper would spell otherwise.
bool has_other_spelling(std::string_view key);

// What the report says where more such UUIDs were not found than users were found: with some users missing, as in any
// batch, the spelling is not the reason. Empty otherwise.
std::string other_spelling_sentence(const Counters& counters);

}  // namespace ads::batch
