// What a directory's attributes say about an account: may it be used?
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ads::directory {

enum class AccountStatus { active, disabled, locked };
std::string_view to_string(AccountStatus status);  // "Active", "Disabled", "Locked"

// Nothing where the attribute is none of these, or the value is empty. Errors: invalid / "BadStatus" for a value that
// makes no sense.
//   userAccountControl    bit 0x2 (ADS_UF_ACCOUNTDISABLE): disabled
//   pwdAccountLockedTime  any value: locked (OpenLDAP's ppolicy, slapo-ppolicy(5))
//   nsAccountLock         TRUE: locked (389 Directory Server, FreeIPA)
//   Enabled, accountEnabled  False: disabled (PowerShell's Get-ADUser, Microsoft Graph)
Result<std::optional<AccountStatus>> account_status(std::string_view attribute, std::string_view value);
bool is_account_status(std::string_view attribute);

}  // namespace ads::directory
