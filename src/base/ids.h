// Identifiers drawn from the operating system's randomness.
#pragma once
#include <cstddef>
#include <string>

namespace ads {

std::string random_bytes(std::size_t count);
std::string random_hex(std::size_t digits);
// Upper-case letters and digits, as in access key ids.
std::string random_base36(std::size_t characters);
// "0f6fbd5e-4a0a-4b7e-9f0a-3c1d2e3f4a5b", RFC 4122 version 4.
std::string random_uuid();

}  // namespace ads
