// Temporary credentials: who may become a role, and the session that comes of it.
#pragma once
#include <string>

#include "base/clock.h"
#include "cloud/access.h"
#include "cloud/call.h"
#include "cloud/iam/directory.h"

namespace ads::cloud::iam {

// Becoming that role: the trust policy must let the caller in, and where it only names the account, the caller's own
// policies must allow it too. Errors: those of a policy that cannot be read.
Outcome<access::Need> need_to_assume(const Directory& directory, const Entity& role);

// Session credentials for a role, written to `batch`; `session_policy` narrows them (empty: none).
AccessKey begin_session(const Directory& directory, Batch& batch, const Entity& role, std::string_view session_name,
                        std::string session_policy, SystemTime now, std::chrono::seconds lifetime);

// A session of the caller itself (GetSessionToken).
AccessKey begin_own_session(const Directory& directory, Batch& batch, const Caller& caller, SystemTime now,
                            std::chrono::seconds lifetime);

}  // namespace ads::cloud::iam
