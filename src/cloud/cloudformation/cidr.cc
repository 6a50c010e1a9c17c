#include "cloud/cloudformation/cidr.h"

#include <charconv>

#include "cloud/cloudformation/errors.h"
#include "cloud/cloudformation/resolver.h"

namespace ads::cloud::cloudformation {
namespace {

std::optional<std::uint32_t> take_number(std::string_view& text, std::uint32_t most) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number > most) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::optional<std::uint32_t> whole_number(const std::string& text, std::uint32_t most) {
  std::string_view rest = text;
  const auto number = take_number(rest, most);
  return rest.empty() ? number : std::nullopt;
}

}  // namespace

Outcome<json::array> split_network(const json::array& arguments) {
  if (arguments.size() < 2 || arguments.size() > 3)
    return refuse(format_error("Fn::Cidr requires a network, a count and host bits."));
  const std::string network = as_text(arguments[0]);
  if (network.find(':') != std::string::npos) return refuse(unsupported("Fn::Cidr of an IPv6 network"));
  std::string_view rest = network;
  std::uint32_t address = 0;
  bool is_valid = true;
  for (int part = 0; part < 4 && is_valid; ++part) {
    const auto number = take_number(rest, 255);
    const char separator = part < 3 ? '.' : '/';
    is_valid = number && rest.starts_with(separator);
    if (is_valid) {
      address = address << 8 | *number;
      rest.remove_prefix(1);
    }
  }
  const auto prefix = is_valid ? take_number(rest, 32) : std::nullopt;
  const auto count = whole_number(as_text(arguments[1]), 256);
  const auto bits = arguments.size() == 3 ? whole_number(as_text(arguments[2]), 32) : std::optional<std::uint32_t>(8);
  if (!prefix || !rest.empty() || !count || *count == 0 || !bits || *bits == 0 || *prefix + *bits > 32 ||
      (std::uint64_t{*count} << *bits) > (std::uint64_t{1} << (32 - *prefix))) {
    return refuse(
        validation(fmt::format("Template error: Fn::Cidr cannot cut {} into {} blocks of {} host bits.", network,
                               as_text(arguments[1]), arguments.size() == 3 ? as_text(arguments[2]) : "8")));
  }
  const std::uint32_t mask = *prefix == 0 ? 0 : ~std::uint32_t{0} << (32 - *prefix);
  json::array out;
  for (std::uint32_t i = 0; i < *count; ++i) {
    const std::uint32_t block = (address & mask) + (i << *bits);
    out.emplace_back(
        fmt::format("{}.{}.{}.{}/{}", block >> 24, block >> 16 & 255, block >> 8 & 255, block & 255, 32 - *bits));
  }
  return out;
}

}  // namespace ads::cloud::cloudformation
