#include "directory/account_status.h"

#include <fmt/format.h>

#include <charconv>

#include "batch/active_status.h"
#include "batch/csv.h"
#include "batch/utf8.h"

namespace ads::directory {
namespace {

constexpr std::uint64_t kAccountDisabled = 0x2;

std::unexpected<Error> bad(std::string_view attribute, std::string_view value, std::string_view expected) {
  return fail(ErrorKind::invalid, "BadStatus",
              fmt::format("{}: '{}' is not {}", attribute, batch::shorten(batch::repair_utf8(value), 40), expected));
}

std::optional<bool> flag(std::string_view value) {
  std::string folded = batch::fold_case(value);
  if (folded == "true" || folded == "1" || folded == "yes") return true;
  if (folded == "false" || folded == "0" || folded == "no") return false;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(AccountStatus status) {
  switch (status) {
    case AccountStatus::disabled:
      return "Disabled";
    case AccountStatus::locked:
      return "Locked";
    case AccountStatus::active:
      break;
  }
  return "Active";
}

bool is_account_status(std::string_view attribute) {
  for (std::string_view name :
       {"userAccountControl", "pwdAccountLockedTime", "nsAccountLock", "Enabled", "accountEnabled"})
    if (batch::same_name(attribute, name)) return true;
  return false;
}

Result<std::optional<AccountStatus>> account_status(std::string_view attribute, std::string_view value) {
  value = batch::trim(value);
  if (value.empty() || !is_account_status(attribute)) return std::optional<AccountStatus>{};
  if (batch::same_name(attribute, "pwdAccountLockedTime")) return std::optional(AccountStatus::locked);
  if (batch::same_name(attribute, "userAccountControl")) {
    bool is_hex = value.starts_with("0x") || value.starts_with("0X");
    std::string_view digits = is_hex ? value.substr(2) : value;
    std::int64_t bits = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits, is_hex ? 16 : 10);
    if (error != std::errc() || end != digits.data() + digits.size()) return bad(attribute, value, "a number");
    bool is_disabled = (static_cast<std::uint64_t>(bits) & kAccountDisabled) != 0;
    return std::optional(is_disabled ? AccountStatus::disabled : AccountStatus::active);
  }
  auto is_set = flag(value);
  if (!is_set) return bad(attribute, value, "TRUE or FALSE");
  if (batch::same_name(attribute, "nsAccountLock"))
    return std::optional(*is_set ? AccountStatus::locked : AccountStatus::active);
  return std::optional(*is_set ? AccountStatus::active : AccountStatus::disabled);
}

}  // namespace ads::directory
