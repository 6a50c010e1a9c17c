// Follows a stack while CloudFormation works on it, and shows it.
#pragma once
#include <string>
#include <vector>

#include "aws/cloudformation/client.h"
#include "cli/session.h"
#include "cli/stack_progress.h"
#include "cli/terminal.h"

namespace ads::cli {

struct StackEnding {
  std::string status;  // of the stack: "UPDATE_COMPLETE", ...
  std::vector<StackFailure> failures;
};

struct StackToFollow {
  std::string name, id;     // the ARN: a deleted stack is known by it alone
  std::string after_event;  // the id of the last event that is none of this work's
};

// Silent for programs, moving on a terminal, plain elsewhere.
Screen::Kind screen_for(const Session& session);

// The id of the stack's newest event; empty where it has none. Errors: DescribeStackEvents'.
Task<Result<std::string>> newest_event(aws::cloudformation::Client client, std::string stack_id);

// The same, of the event before the work that is going on now began.
Task<Result<std::string>> event_before_this_work(aws::cloudformation::Client client, std::string stack_id);

// Until the stack has come to an end, however long that takes. Errors: DescribeStackEvents', after its repeats.
Task<Result<StackEnding>> follow_stack(aws::cloudformation::Client client, StackToFollow stack, Screen& screen);

}  // namespace ads::cli
