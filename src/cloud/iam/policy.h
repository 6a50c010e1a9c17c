// Policy documents: what they may say, and what they decide. Pure: no store, no clock, no wire.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "cloud/wire_error.h"

namespace ads::cloud::iam {

// An identity policy says what its holder may do and names resources; a trust policy says who may become the role and
// names principals; a resource policy (bucket, queue, topic, function) names both.
enum class PolicyKind { identity, trust, resource };

// A value of "Action": "x" or ["x", "y"], always as a list.
using Patterns = std::vector<std::string>;

struct PrincipalPatterns {
  Patterns aws, service, federated;  // "*" alone fills `aws` and `any`
  enum class Scope { listed, anybody } scope = Scope::listed;
  bool empty() const { return scope == Scope::listed && aws.empty() && service.empty() && federated.empty(); }
};

// {"StringEquals": {"aws:SourceArn": ["a", "b"]}} as one entry per operator and key.
struct Condition {
  std::string operation;  // "StringEquals", without IfExists and the set prefix
  std::string key;        // lower case: condition keys ignore case
  Patterns values;
  enum class Absent { fails, passes } absent = Absent::fails;     // ...IfExists
  enum class Set { single, for_all, for_any } set = Set::single;  // ForAllValues: / ForAnyValue:
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

// Who asks, for what, under which circumstances.
struct AccessRequest {
  std::string principal_arn;      // "arn:aws:iam::1:user/a", "arn:aws:sts::1:assumed-role/R/s"; empty for a service
  std::string principal_service;  // "lambda.amazonaws.com"; empty for an AWS principal
  std::string action;             // "sqs:SendMessage"
  std::string resource;           // the ARN, or "*"
  std::map<std::string, std::vector<std::string>> context;  // condition keys in lower case
};

// Principal elements name an account (its root) or exactly this principal: AWS treats them differently, because an
// account only delegates, and the identity's own policy must then allow too.
enum class PrincipalMatch { none, account, exact };

enum class Verdict { not_mentioned, allowed, allowed_by_account, denied };

// One policy's verdict; a deny beats every allow. Without principals in the policy the principal is not looked at.
Verdict evaluate(const Policy& policy, const AccessRequest& request);

// Several policies of one identity together.
Verdict evaluate(const std::vector<Policy>& policies, const AccessRequest& request);

// In a pattern, bytes that stand for the characters "*" and "?" themselves.
inline constexpr char kLiteralStar = '\x01', kLiteralQuestion = '\x02';

// "*" and "?" as wildcards.
bool matches_pattern(std::string_view pattern, std::string_view text);

}  // namespace ads::cloud::iam
