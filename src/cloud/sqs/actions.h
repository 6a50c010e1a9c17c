// SQS's operations, a file or a part of one in actions/ for each. Input is valid by AWS's model; those that change
// something have applied it to the store when they return.
#pragma once
#include "cloud/sqs/context.h"

namespace ads::cloud::sqs {

Reply add_permission(Context& context, const json::object& input);
Reply cancel_message_move_task(Context& context, const json::object& input);
Reply change_message_visibility(Context& context, const json::object& input);
Reply change_message_visibility_batch(Context& context, const json::object& input);
Reply create_queue(Context& context, const json::object& input);
Reply delete_message(Context& context, const json::object& input);
Reply delete_message_batch(Context& context, const json::object& input);
Reply delete_queue(Context& context, const json::object& input);
Reply get_queue_attributes(Context& context, const json::object& input);
Reply get_queue_url(Context& context, const json::object& input);
Reply list_dead_letter_source_queues(Context& context, const json::object& input);
Reply list_message_move_tasks(Context& context, const json::object& input);
Reply list_queue_tags(Context& context, const json::object& input);
Reply list_queues(Context& context, const json::object& input);
Reply purge_queue(Context& context, const json::object& input);
Answer receive_message(Context& context, const json::object& input);
Reply remove_permission(Context& context, const json::object& input);
Reply send_message(Context& context, const json::object& input);
Reply send_message_batch(Context& context, const json::object& input);
Reply set_queue_attributes(Context& context, const json::object& input);
Reply start_message_move_task(Context& context, const json::object& input);
Reply tag_queue(Context& context, const json::object& input);
Reply untag_queue(Context& context, const json::object& input);

}  // namespace ads::cloud::sqs
