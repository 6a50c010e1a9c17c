// Is it UTF-8, where not, and how to cut or repair it.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace ads::batch {

// Position of the first byte that is not part of a well-formed sequence (RFC 3629: no surrogates, nothing overlong), or
// npos.
std::size_t find_invalid_utf8(std::string_view text);
inline bool is_utf8(std::string_view text) {
  return find_invalid_utf8(text) == std::string_view::npos;
}

// Every malformed byte becomes U+FFFD.
std::string repair_utf8(std::string_view text);

// At most `bytes` bytes, cut between characters, "..." at the end where something was cut. `text` is UTF-8.
std::string shorten(std::string_view text, std::size_t bytes);

}  // namespace ads::batch
