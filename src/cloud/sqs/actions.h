// The operations of SQS by name. Each is one file of actions/; input and output have the JSON model's shapes.
#pragma once
#include "cloud/sqs/service.h"

namespace ads::cloud::sqs {

using Answer = Task<Outcome<json::object>>;

Answer add_permission(Sqs& sqs, Call& call, json::object input);
Answer cancel_message_move_task(Sqs& sqs, Call& call, json::object input);
Answer change_message_visibility(Sqs& sqs, Call& call, json::object input);
Answer change_message_visibility_batch(Sqs& sqs, Call& call, json::object input);
Answer create_queue(Sqs& sqs, Call& call, json::object input);
Answer delete_message(Sqs& sqs, Call& call, json::object input);
Answer delete_message_batch(Sqs& sqs, Call& call, json::object input);
Answer delete_queue(Sqs& sqs, Call& call, json::object input);
Answer get_queue_attributes(Sqs& sqs, Call& call, json::object input);
Answer get_queue_url(Sqs& sqs, Call& call, json::object input);
Answer list_dead_letter_source_queues(Sqs& sqs, Call& call, json::object input);
Answer list_message_move_tasks(Sqs& sqs, Call& call, json::object input);
Answer list_queue_tags(Sqs& sqs, Call& call, json::object input);
Answer list_queues(Sqs& sqs, Call& call, json::object input);
Answer purge_queue(Sqs& sqs, Call& call, json::object input);
Answer receive_message(Sqs& sqs, Call& call, json::object input);
Answer remove_permission(Sqs& sqs, Call& call, json::object input);
Answer send_message(Sqs& sqs, Call& call, json::object input);
Answer send_message_batch(Sqs& sqs, Call& call, json::object input);
Answer set_queue_attributes(Sqs& sqs, Call& call, json::object input);
Answer start_message_move_task(Sqs& sqs, Call& call, json::object input);
Answer tag_queue(Sqs& sqs, Call& call, json::object input);
Answer untag_queue(Sqs& sqs, Call& call, json::object input);

// Makes the table above callable by name.
Operations operations(Sqs& sqs);
// The same operations behind the Query protocol; see query.cc.
QueryOperations query_operations(const Operations& operations);

}  // namespace ads::cloud::sqs
