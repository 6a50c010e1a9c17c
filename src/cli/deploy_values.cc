#include "cli/deploy_values.h"

#include <fmt/core.h>

#include <algorithm>

#include "batch/time_zone.h"
#include "cli/mail_address.h"

namespace ads::cli {
namespace {

constexpr std::size_t kLongestStackName = 128;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

Result<void> check_stack_name(std::string_view name) {
  bool is_good = !name.empty() && name.size() <= kLongestStackName && is_letter(name.front()) &&
                 std::ranges::all_of(name, [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; });
  if (is_good) return {};
  return fail(
      ErrorKind::invalid, "BadStackName",
      fmt::format("'{}' cannot be a stack's name (--stack-name): it takes 1 to 128 letters, digits and hyphens, "
                  "and begins with a letter",
                  name));
}

Result<void> check_values(ParameterMap& given) {
  std::string complaints;
  auto complain = [&](std::string_view name, const Error& error) {
    complaints += fmt::format("{}parameter {}: {}", complaints.empty() ? "" : "\n  ", name, error.message);
  };
  if (auto zone = given.find("TimeZone"); zone != given.end())
    if (auto parsed = batch::parse_time_zone(zone->second); !parsed) complain("TimeZone", parsed.error());
  for (std::string_view name : {"ReportFrom", "ReportTo"}) {
    auto addresses = given.find(name);
    if (addresses == given.end() || addresses->second.empty()) continue;
    auto sendable = name == "ReportTo" ? sendable_addresses(addresses->second) : sendable_address(addresses->second);
    if (sendable)
      addresses->second = *sendable;
    else
      complain(name, sendable.error());
  }
  if (complaints.empty()) return {};
  return fail(ErrorKind::invalid, "BadParameter", complaints);
}

}  // namespace ads::cli
