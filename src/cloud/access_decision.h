// Whether somebody may do something: a pure function of who asks, for what, and the policies that speak about it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/access_policy.h"

namespace ads::cloud::access {

// Who asks. The policies of an identity are compiled once and shared by all of its requests.
struct Principal {
  enum class Kind { root, user, role, service };
  Kind kind = Kind::root;
  std::string arn;         // "arn:aws:iam::1:user/a", "arn:aws:sts::1:assumed-role/R/s"; a service's name
  std::string entity_arn;  // the user's or role's own, with its path: aws:PrincipalArn
  std::string account;
  std::string user_id;  // "AIDA...", "AROA...:session", the account for root
  std::string name;     // aws:username of a user
  std::map<std::string, std::string> tags;
  std::vector<PolicyPointer> policies;  // inline and attached
  PolicyPointer boundary;               // null: none
  PolicyPointer session;                // the policy given to AssumeRole; null: none
};

struct Question {
  std::string_view action;    // "sqs:SendMessage"
  std::string_view resource;  // the ARN, or "*"
};

// How strongly a policy's principals speak of somebody. An account only delegates: the identity's own policies must
// then allow too. A role or "*" is bounded by boundary and session policy; a user or a session named itself is not.
enum class Grant { none, account, bounded, direct };

struct Verdict {
  Grant allowed = Grant::none;        // an identity policy's allow is `direct`
  const Statement* denied = nullptr;  // the statement that denies explicitly
};
// One policy alone. Without principals in a statement the principal is not looked at.
Verdict evaluate(const Policy& policy, const Principal& principal, const Question& question, const Facts& facts);

enum class Layer { identity, resource, boundary, session };

struct Decision {
  enum class Kind { allowed, denied, not_allowed } kind = Kind::not_allowed;
  // Which kind of policy denied, or did not allow.
  Layer layer = Layer::identity;
  const NamedPolicy* policy = nullptr;  // of an explicit denial
  const Statement* statement = nullptr;
  bool is_allowed() const { return kind == Kind::allowed; }
};

// Whether an allow of the resource's policy may stand alone or must be there (a role's trust policy).
enum class ResourcePolicy { suffices, required };

// An explicit deny anywhere wins. Else root may; a service may what the resource's policy says; an identity may what
// its own policies or the resource's allow, within boundary and session policy. `resource_policy` may be null.
Decision decide(const Principal& principal, const Question& question, const Facts& facts,
                const NamedPolicy* resource_policy, ResourcePolicy rule = ResourcePolicy::suffices);

// "inline policy dispatch of role R, statement 2" or "..., statement TlsOnly": what an explicit denial names.
std::string where_denied(const Decision& decision);
// AWS's words: "User: A is not authorized to perform: X on resource: R because no identity-based policy allows the X
// action", "... with an explicit deny in a resource-based policy", and after it where.
std::string words(const Principal& principal, const Question& question, const Decision& decision);

}  // namespace ads::cloud::access
