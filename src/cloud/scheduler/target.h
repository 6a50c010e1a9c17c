// How a schedule's target is invoked: by the schedule's role, through the port of the target's service.
#pragma once
#include <string>

#include "cloud/environment.h"
#include "cloud/scheduler/input_text.h"
#include "cloud/scheduler/schedule.h"

namespace ads::cloud::scheduler {

// What the target receives: the schedule's Input with its words filled in, or AWS's default event.
std::string payload_of(const Schedule& schedule, const InvocationContext& context, std::string_view account,
                       std::string_view region);

// Whether the scheduler may become that role: its trust policy decides. Errors: those of IdentityPort::assume.
Task<Outcome<void>> check_role(Environment& environment, std::string region, std::string group, std::string name,
                               std::string role_arn);

// Returns once the target has it on disk. Errors: the target's; AccessDenied where the role does not trust the
// scheduler.
Task<Outcome<void>> invoke_target(Environment& environment, std::string region, Schedule schedule, std::string payload);

// To the schedule's dead-letter queue, where it has one. Errors: the queue's.
struct DeadLetter {
  std::string payload;
  WireError error;
  std::string execution_id;
  std::string condition;  // "MaximumRetryAttempts", "MaximumEventAgeInSeconds"; empty: no retry could help
  std::string scheduled_time;
  int retries = 0;
};
Task<Outcome<void>> bury(Environment& environment, std::string region, Schedule schedule, DeadLetter letter);

}  // namespace ads::cloud::scheduler
