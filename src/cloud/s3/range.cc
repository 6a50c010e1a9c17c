#include "cloud/s3/range.h"

#include <charconv>

#include "cloud/s3/errors.h"

namespace ads::cloud::s3 {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace

Outcome<std::optional<ByteRange>> parse_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  std::optional<ByteRange> ignored;
  if (!header.starts_with(unit)) return ignored;
  std::string_view spec = header.substr(unit.size());
  auto dash = spec.find('-');
  if (dash == spec.npos || spec.find(',') != spec.npos) return ignored;
  auto first = number(spec.substr(0, dash));
  auto last = number(spec.substr(dash + 1));
  if (!first && dash != 0) return ignored;
  if (!last && dash + 1 != spec.size()) return ignored;
  if (!first) {
    if (!last) return ignored;
    if (*last == 0 || size == 0) return refuse(errors::invalid_range(header, size));
    return std::optional(ByteRange{size - std::min(*last, size), size - 1});
  }
  if (last && *last < *first) return ignored;
  if (*first >= size) return refuse(errors::invalid_range(header, size));
  return std::optional(ByteRange{*first, std::min(last.value_or(size - 1), size - 1)});
}

Outcome<ByteRange> parse_copy_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  auto malformed = [&] {
    return refuse(
        errors::invalid_argument("The x-amz-copy-source-range value must be of the form bytes=first-last where first "
                                 "and last are the zero-based "
                                 "offsets of the first and last bytes to copy",
                                 "x-amz-copy-source-range", header));
  };
  if (!header.starts_with(unit)) return malformed();
  std::string_view spec = header.substr(unit.size());
  auto dash = spec.find('-');
  if (dash == spec.npos) return malformed();
  auto first = number(spec.substr(0, dash));
  auto last = number(spec.substr(dash + 1));
  if (!first || !last || *last < *first) return malformed();
  if (*last >= size)
    return refuse(
        errors::invalid_argument("Range specified is not valid for source object of size: " + std::to_string(size),
                                 "x-amz-copy-source-range", header));
  return ByteRange{*first, *last};
}

}  // namespace ads::cloud::s3
