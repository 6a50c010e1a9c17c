// What the scheduler's operations and its stacks' resources work on.
#pragma once
#include <deque>
#include <string>

#include "cloud/scheduler/dispatcher.h"

namespace ads::cloud::scheduler {

struct State {
  Environment& environment;
  Book& book;
  Dispatcher& dispatcher;
  // Client tokens of deletions that were made: a client that repeats one gets the same answer again.
  std::deque<std::string> deletions = {};
};

// Applies, and wakes the dispatcher; the caller waits for the disk. Errors: InternalFailure.
Outcome<void> apply(State& state, Batch batch);

// Checks the input, the group and the role, and writes the schedule: the steps of CreateSchedule and UpdateSchedule.
enum class Writing { create, update };
Task<Outcome<Schedule>> write_schedule(State& state, std::string region, json::object input, Writing writing);
Outcome<Group> make_group(State& state, const std::string& region, const json::object& input);
// What is in the group goes with it, in the background, as on AWS.
Outcome<void> drop_group(State& state, const std::string& region, const std::string& name);

}  // namespace ads::cloud::scheduler
