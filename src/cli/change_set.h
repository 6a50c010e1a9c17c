// A change set, made and looked at: what CloudFormation would do.
#pragma once
#include <string>
#include <vector>

#include "aws/cloudformation/client.h"

namespace ads::cli {

struct MadeChangeSet {
  std::string id, name, stack_id;
  std::vector<aws::cloudformation::Change> changes;
  bool is_empty = false;  // nothing would change: the change set is removed already
};

// Names it, waits until CloudFormation has found out, and reads every page. Errors: CreateChangeSet's, and invalid /
// "ChangeSetFailed" with CloudFormation's reason; the change set is removed then.
Task<Result<MadeChangeSet>> make_change_set(aws::cloudformation::Client client,
                                            aws::cloudformation::CreateChangeSetInput input);

}  // namespace ads::cli
