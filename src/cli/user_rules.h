// What the stack's parameters say about users.
#pragma once
#include "batch/active_status.h"
#include "batch/user_key.h"
#include "cli/session.h"

namespace ads::cli {

struct UserRules {
  batch::ActiveStatuses active;                             // ActiveStatus
  batch::UserKeyForm key_form = batch::UserKeyForm::as_is;  // UserKeyForm: how the users table spells UUIDs
};
// Errors: those of DescribeStacks.
Task<Result<UserRules>> user_rules(Session& session);

}  // namespace ads::cli
