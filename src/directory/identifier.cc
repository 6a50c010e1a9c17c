#include "directory/identifier.h"

#include <fmt/format.h>

#include "base/encoding.h"

namespace ads::directory {

std::optional<std::string> guid_text(std::string_view bytes) {
  if (bytes.size() != 16) return std::nullopt;
  std::string ordered;
  for (std::size_t i : {3, 2, 1, 0, 5, 4, 7, 6}) ordered += bytes[i];
  ordered += bytes.substr(8);
  std::string hex = to_hex(ordered);
  for (std::size_t i : {8, 13, 18, 23}) hex.insert(i, 1, '-');
  return hex;
}

std::optional<std::string> sid_text(std::string_view bytes) {
  auto byte = [&](std::size_t i) -> std::uint64_t { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.size() < 8 || byte(0) != 1 || byte(1) > 15 || bytes.size() != 8 + 4 * byte(1)) return std::nullopt;
  std::uint64_t authority = 0;
  for (std::size_t i = 2; i < 8; ++i) authority = authority << 8 | byte(i);
  std::string text = fmt::format("S-1-{}", authority);
  for (std::size_t at = 8; at < bytes.size(); at += 4)
    text += fmt::format("-{}", byte(at) | byte(at + 1) << 8 | byte(at + 2) << 16 | byte(at + 3) << 24);
  return text;
}

}  // namespace ads::directory
