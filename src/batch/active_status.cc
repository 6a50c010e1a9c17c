#include "batch/active_status.h"

#include <fmt/format.h>

#include <algorithm>

#include "batch/csv.h"

namespace ads::batch {
namespace {

// Of a code point from U+0080 to U+07FF.
unsigned lower(unsigned c) {
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 0x20;
  if (c == 0x178) return 0xFF;
  bool is_odd_upper = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
  if (is_odd_upper) return c % 2 == 1 ? c + 1 : c;
  if (c >= 0x100 && c <= 0x177 && c != 0x130 && c != 0x131 && c != 0x138 && c != 0x149) return c | 1;
  if (c >= 0x391 && c <= 0x3A9 && c != 0x3A2) return c + 0x20;
  if (c == 0x3C2) return 0x3C3;
  if (c >= 0x400 && c <= 0x40F) return c + 0x50;
  if (c >= 0x410 && c <= 0x42F) return c + 0x20;
  return c;
}

}  // namespace

std::string fold_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    bool has_two_bytes =
        byte >= 0xC2 && byte <= 0xDF && i + 1 < text.size() && (static_cast<unsigned char>(text[i + 1]) & 0xC0) == 0x80;
    if (has_two_bytes) {
      unsigned c = lower((byte & 0x1Fu) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3Fu));
      out += static_cast<char>(0xC0 | c >> 6);
      out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
      out += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : text[i];
    }
  }
  return out;
}

ActiveStatuses::ActiveStatuses(std::vector<std::string> statuses) : statuses_(std::move(statuses)) {
  for (const std::string& status : statuses_) folded_.push_back(fold_case(status));
}

Result<ActiveStatuses> ActiveStatuses::parse(std::string_view list) {
  std::vector<std::string> statuses;
  for (std::size_t at = 0; at <= list.size();) {
    std::size_t comma = std::min(list.find(',', at), list.size());
    std::string_view status = trim(list.substr(at, comma - at));
    if (status.empty())
      return fail(
          ErrorKind::invalid, "BadActiveStatus",
          fmt::format("'{}' is not a list of statuses: one or more, separated by commas, none of them empty", list));
    statuses.emplace_back(status);
    at = comma + 1;
  }
  return ActiveStatuses(std::move(statuses));
}

bool ActiveStatuses::contains(std::string_view status) const {
  if (std::ranges::find(statuses_, status) != statuses_.end()) return true;
  return std::ranges::find(folded_, fold_case(trim(status))) != folded_.end();
}

}  // namespace ads::batch
