// An IAM in which every role exists, trusts everyone, and may do everything.
#pragma once
#include "cloud/access_decision.h"
#include "cloud/ports.h"

namespace ads::cloud {

class EveryRole : public IdentityPort {
 public:
  Outcome<Identity> find_key(const std::string&) override {
    return refuse(403, "InvalidClientTokenId", "the security token is invalid");
  }
  Outcome<PrincipalPointer> role(const std::string& arn, const std::string&) override {
    return std::make_shared<access::Principal>(access::Principal{.kind = access::Principal::Kind::root, .arn = arn});
  }
  Task<Outcome<SessionCredentials>> assume(std::string, std::string, Source, std::chrono::seconds lifetime) override {
    co_return SessionCredentials{"ASIDROLE", "role secret", "token", system_clock().now() + lifetime};
  }
};

}  // namespace ads::cloud
