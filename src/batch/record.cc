#include "batch/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "base/encoding.h"

namespace ads::batch {
namespace {

constexpr auto kUuidCharacters = [] {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[c] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[c] = table[c + 32] = true;
  for (char c : {'-', '_', '.', ':'}) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

std::string netstring(std::string_view text) {
  return fmt::format("{}:{},", text.size(), text);
}

}  // namespace

bool is_service_uuid(std::string_view text) {
  return !text.empty() && text.size() <= kMaxServiceUuid &&
         std::ranges::all_of(text, [](char c) { return kUuidCharacters[static_cast<unsigned char>(c)]; });
}

std::string run_id(const ObjectIdentity& object) {
  std::string text = netstring(object.bucket) + netstring(object.key);
  if (!object.version_id.empty() && object.version_id != "null") {
    text += netstring("version") + netstring(object.version_id);
  } else {
    std::string_view etag = object.etag;
    if (etag.size() >= 2 && etag.starts_with('"') && etag.ends_with('"')) etag = etag.substr(1, etag.size() - 2);
    text += netstring("etag") + netstring(etag) + netstring(std::to_string(object.size));
  }
  return to_hex(sha256(text)).substr(0, 32);
}

std::string record_id(std::string_view run_id, std::uint64_t offset) {
  // 26 characters of 5 bits need the first 17 bytes.
  return to_base32(sha256(fmt::format("{}:{}", run_id, offset)).substr(0, 17)).substr(0, 26);
}

}  // namespace ads::batch
