// IAM and STS: identities, their keys and sessions, and the policies they carry.
#pragma once
#include <memory>
#include <string>

#include "cloud/call.h"
#include "cloud/environment.h"
#include "cloud/iam/directory.h"
#include "cloud/iam/principals.h"
#include "cloud/query_service.h"

namespace ads::cloud::iam {

class Iam : public Service, public IdentityPort {
 public:
  explicit Iam(Environment& environment);
  ~Iam() override;

  Task<http::Reply> answer(Call& call) override;

  Outcome<Identity> find_key(const std::string& access_key_id) override;
  Task<Outcome<SessionCredentials>> assume(std::string role_arn, std::string session_name, Source source,
                                           std::chrono::seconds lifetime) override;

  Outcome<PrincipalPointer> role(const std::string& role_arn, const std::string& session_name) override;

  struct RootKey {
    std::string id, secret;
  };
  // The key pair of the account's root: made at the first call on a new store, the same ever after.
  Result<RootKey> root_key();

  // AWS::IAM::Role, Policy, ManagedPolicy, User, AccessKey.
  ResourceTypes resource_types();

 private:
  Environment& environment_;
  Directory directory_;
  Principals principals_;
  QueryOperations operations_;
};

}  // namespace ads::cloud::iam
