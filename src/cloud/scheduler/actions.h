// The scheduler's operations, a file or a part of one in actions/ for each. Input is valid by AWS's model, wherever the
// request carried it; those that change something have applied it to the store when they return.
#pragma once
#include "cloud/scheduler/context.h"

namespace ads::cloud::scheduler {

Answer create_schedule(Context& context, const json::object& input);
Reply get_schedule(Context& context, const json::object& input);
Answer update_schedule(Context& context, const json::object& input);
Reply delete_schedule(Context& context, const json::object& input);
Reply list_schedules(Context& context, const json::object& input);
Reply create_schedule_group(Context& context, const json::object& input);
Reply get_schedule_group(Context& context, const json::object& input);
Reply delete_schedule_group(Context& context, const json::object& input);
Reply list_schedule_groups(Context& context, const json::object& input);
Reply list_tags_for_resource(Context& context, const json::object& input);
Reply tag_resource(Context& context, const json::object& input);
Reply untag_resource(Context& context, const json::object& input);

// ---- What several operations share ----
// MaxResults and NextToken. Errors: ValidationException.
Outcome<Page> page_of(const json::object& input);
json::value wire_time(SystemTime time);  // seconds since 1970
bool is_repeated_deletion(const Context& context, const json::object& input);
void remember_deletion(Context& context, const json::object& input);

}  // namespace ads::cloud::scheduler
