// The account's sending state in one region. It starts outside the sandbox, unlike a new account of AWS: a mail that
// goes to a mailbox on this machine can harm nobody. PutAccountDetails with ProductionAccessEnabled false enters it:
// recipients must be verified identities too, and 200 mails a day are the limit.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace ads::cloud::ses {

struct Account {
  bool is_sending_on = true;
  bool is_in_production = true;
  json::object details;  // what PutAccountDetails said

  double most_in_24_hours() const { return is_in_production ? 50'000 : 200; }
  double most_per_second() const { return is_in_production ? 14 : 1; }
};

inline std::string encode(const Account& account) {
  return json::serialize(json::object{
      {"sending", account.is_sending_on}, {"production", account.is_in_production}, {"details", account.details}});
}

inline Account decode_account(const std::optional<std::string>& stored) {
  Account account;
  auto object = stored ? parse_json_object(*stored) : Result<json::object>(json::object());
  if (!object) return account;
  account.is_sending_on = get_bool(*object, "sending").value_or(true);
  account.is_in_production = get_bool(*object, "production").value_or(true);
  if (const auto* details = get_object(*object, "details")) account.details = *details;
  return account;
}

}  // namespace ads::cloud::ses
