// The scheduler's actions: members of AWS's model in, wherever the request carried them, and out.
#pragma once
#include <deque>

#include "base/json.h"
#include "cloud/call.h"
#include "cloud/scheduler/dispatcher.h"

namespace ads::cloud::scheduler {

// What every action works with.
struct Desk {
  Environment& environment;
  Book& book;
  Dispatcher& dispatcher;
  // Client tokens of deletions that were made: a client that repeats one hears the same again.
  std::deque<std::string> deletions = {};
};

using Answer = Task<Outcome<json::object>>;
using Action = Answer (*)(Desk&, Call&, json::object);

// schedules.cc
Answer create_schedule(Desk&, Call&, json::object);
Answer get_schedule(Desk&, Call&, json::object);
Answer update_schedule(Desk&, Call&, json::object);
Answer delete_schedule(Desk&, Call&, json::object);
Answer list_schedules(Desk&, Call&, json::object);

// groups.cc
Answer create_schedule_group(Desk&, Call&, json::object);
Answer get_schedule_group(Desk&, Call&, json::object);
Answer delete_schedule_group(Desk&, Call&, json::object);
Answer list_schedule_groups(Desk&, Call&, json::object);
Answer list_tags_for_resource(Desk&, Call&, json::object);
Answer tag_resource(Desk&, Call&, json::object);
Answer untag_resource(Desk&, Call&, json::object);

// ---- What several actions, and the stack's resource types, share ----
std::string text(const json::object& input, std::string_view member);
// Applies, wakes the dispatcher, waits for the disk.
Task<Outcome<void>> commit(Desk& desk, Batch batch);
// Errors: ValidationException for MaxResults and NextToken.
Outcome<Page> page_of(const json::object& input);
json::value wire_time(SystemTime time);  // seconds since 1970
bool is_repeated_deletion(const Desk& desk, const json::object& input);
void remember_deletion(Desk& desk, const json::object& input);

// Checks the input, the group and the role, and writes the schedule: the steps of CreateSchedule and UpdateSchedule.
enum class Writing { create, update };
Task<Outcome<Schedule>> write_schedule(Desk& desk, std::string region, json::object input, Writing writing);
Task<Outcome<Group>> make_group(Desk& desk, std::string region, json::object input);
Task<Outcome<void>> drop_group(Desk& desk, std::string region, std::string name);

}  // namespace ads::cloud::scheduler
