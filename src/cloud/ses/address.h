// Email addresses as headers have them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace ads::cloud::ses {

// `"Doe, Jane" <jane@example.com>, bob@example.com` -> each entry as it stands, trimmed.
std::vector<std::string> split_addresses(std::string_view list);
// `Jane <jane@example.com>` -> `jane@example.com`.
std::string bare_address(std::string_view entry);
// One @, something on both sides, ASCII without blanks and control characters, at most 320 characters.
bool is_address(std::string_view bare);
// `jane@Example.com` -> `example.com`.
std::string domain_of(std::string_view bare);
bool is_domain(std::string_view text);

}  // namespace ads::cloud::ses
