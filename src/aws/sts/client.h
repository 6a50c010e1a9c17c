// STS's client over the Query protocol (docs.aws.amazon.com/STS/latest/APIReference).
#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "aws/connection.h"

namespace ads::aws::sts {

struct CallerIdentity {
  std::string account, arn, user_id;
};

struct AssumeRoleInput {
  std::string role_arn, session_name;
  std::optional<std::chrono::seconds> duration;  // 900 s to 12 h
  std::optional<std::string> external_id, policy;
};
struct AssumeRoleOutput {
  Credentials credentials;
  std::string assumed_role_arn, assumed_role_id;
};

class Client {
 public:
  explicit Client(Connection& connection) : connection_(connection) {}
  Task<Result<CallerIdentity>> get_caller_identity() const;
  Task<Result<AssumeRoleOutput>> assume_role(AssumeRoleInput input) const;

 private:
  Connection& connection_;
};

}  // namespace ads::aws::sts
