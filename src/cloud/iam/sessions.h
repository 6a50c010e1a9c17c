// Temporary credentials: who may become a role, and the session that comes of it.
#pragma once
#include <string>

#include "base/clock.h"
#include "cloud/call.h"
#include "cloud/iam/directory.h"
#include "cloud/iam/policy.h"

namespace ads::cloud::iam {

// Whether the role's trust policy lets this one in. An AWS principal that only its account vouches for must also be
// allowed sts:AssumeRole by its own policies. Errors: AccessDenied in AWS's words.
Outcome<void> may_assume(const Directory& directory, const Entity& role, AccessRequest request);

// Every policy that holds for an identity: inline, attached, by ARN of a user or an assumed role.
std::vector<Policy> policies_of(const Directory& directory, std::string_view identity_arn);

// Session credentials for a role, written to `batch`; `session_policy` narrows them (empty: none).
AccessKey begin_session(const Directory& directory, Batch& batch, const Entity& role, std::string_view session_name,
                        std::string session_policy, SystemTime now, std::chrono::seconds lifetime);

// A session of the caller itself (GetSessionToken).
AccessKey begin_own_session(const Directory& directory, Batch& batch, const Caller& caller, SystemTime now,
                            std::chrono::seconds lifetime);

}  // namespace ads::cloud::iam
