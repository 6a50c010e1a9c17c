// Identities as the front door asks about them: who a key is, with every policy that holds for it compiled once and
// kept until something about identities or policies changes.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "cloud/access_decision.h"
#include "cloud/iam/directory.h"
#include "cloud/ports.h"

namespace ads::cloud::iam {

class Principals {
 public:
  explicit Principals(const Directory& directory) : directory_(directory) {}

  // Null where the key's user is gone. A session whose role is gone may nothing.
  PrincipalPointer of_key(const AccessKey& key);
  // The role under a session name. Errors: NoSuchEntity.
  Outcome<PrincipalPointer> of_role(const std::string& role_arn, const std::string& session_name);

 private:
  void forget_if_changed();

  const Directory& directory_;
  std::uint64_t seen_ = 0;
  std::map<std::string, PrincipalPointer, std::less<>> by_key_, by_session_;
};

}  // namespace ads::cloud::iam
