// Bytes as text and back: hex, base64, RFC 4648 base32, percent-encoding.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace ads {

std::string to_hex(std::string_view bytes);  // lower case
Result<std::string> from_hex(std::string_view text);

std::string to_base64(std::string_view bytes);  // standard alphabet, padded
// Errors: invalid, for a character outside the alphabet or a wrong length.
Result<std::string> from_base64(std::string_view text);

std::string to_base32(std::string_view bytes);  // lower case a-z2-7, no padding

// AWS's UriEncode: everything except A-Z a-z 0-9 - . _ ~ becomes %XX.
std::string percent_encode(std::string_view text);
// The same, with '/' kept: an S3 key in a path.
std::string percent_encode_path(std::string_view text);
// %XX decoded; a malformed escape is kept as it stands.
std::string percent_decode(std::string_view text);
// As percent_decode, and '+' is a space: form bodies, and the keys in S3's events.
std::string form_decode(std::string_view text);

}  // namespace ads
