// Policy documents as values: what they may say, compiled so that no request parses anything again.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/access_condition.h"
#include "cloud/access_pattern.h"
#include "cloud/wire_error.h"

namespace ads::cloud::access {

// An identity policy says what its holder may do and names resources; a trust policy says who may become the role and
// names principals; a resource policy (bucket, queue, topic, function) names both.
enum class PolicyKind { identity, trust, resource };

struct PrincipalPatterns {
  std::vector<std::string> aws, service, federated;  // "*" also makes the scope `anybody`
  enum class Scope { listed, anybody } scope = Scope::listed;
  bool empty() const { return scope == Scope::listed && aws.empty() && service.empty() && federated.empty(); }
};

struct Statement {
  std::string sid;
  enum class Effect { allow, deny } effect = Effect::allow;
  PrincipalPatterns principals, not_principals;
  Patterns actions, not_actions;      // lower case: actions ignore case
  Patterns resources, not_resources;  // empty in a trust policy
  std::vector<Condition> conditions;
};

struct Policy {
  std::string version = "2008-10-17";
  std::vector<Statement> statements;
};

// Errors: MalformedPolicyDocument (400) in AWS's words.
Outcome<Policy> parse_policy(std::string_view document, PolicyKind kind);

// A policy with what it is called in a refusal: "arn:aws:iam::1:policy/read", "inline policy dispatch of role R".
struct NamedPolicy {
  std::string name;
  Policy policy;
};
using PolicyPointer = std::shared_ptr<const NamedPolicy>;

}  // namespace ads::cloud::access
