// An identity: an address or a domain that mail may be sent from. Here it is verified the moment it is made, since
// there is nobody to click on a link; AWS verifies by mail or DNS.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace ads::cloud::ses {

struct Identity {
  std::string name;
  std::int64_t created = 0;  // ms
  std::map<std::string, std::string> tags;
  std::vector<std::string> dkim_tokens;  // of a domain
  bool is_dkim_on = true;
  bool forwards_feedback = true;
  std::string mail_from_domain, behavior_on_mx_failure = "USE_DEFAULT_VALUE";
  std::string made_by;  // the stack operation that made it

  bool is_domain() const { return name.find('@') == std::string::npos; }
};

Identity make_identity(std::string name, std::int64_t now);
std::string encode(const Identity& identity);
std::optional<Identity> decode_identity(std::string_view stored);

// As GetEmailIdentity answers it.
json::object to_json(const Identity& identity);

}  // namespace ads::cloud::ses
