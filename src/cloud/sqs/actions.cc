#include "cloud/sqs/actions.h"

#include "cloud/sqs/access.h"

namespace ads::cloud::sqs {

namespace {

using Action = Answer (*)(Sqs&, Call&, json::object);

Answer run(Sqs& sqs, const char* name, Action action, Call& call, json::object input) {
  if (auto allowed = authorize(sqs, call, name, input); !allowed) co_return refuse(allowed.error());
  co_return co_await action(sqs, call, std::move(input));
}

}  // namespace

Operations operations(Sqs& sqs) {
  static constexpr std::pair<const char*, Action> kActions[] = {
      {"AddPermission", add_permission},
      {"CancelMessageMoveTask", cancel_message_move_task},
      {"ChangeMessageVisibility", change_message_visibility},
      {"ChangeMessageVisibilityBatch", change_message_visibility_batch},
      {"CreateQueue", create_queue},
      {"DeleteMessage", delete_message},
      {"DeleteMessageBatch", delete_message_batch},
      {"DeleteQueue", delete_queue},
      {"GetQueueAttributes", get_queue_attributes},
      {"GetQueueUrl", get_queue_url},
      {"ListDeadLetterSourceQueues", list_dead_letter_source_queues},
      {"ListMessageMoveTasks", list_message_move_tasks},
      {"ListQueueTags", list_queue_tags},
      {"ListQueues", list_queues},
      {"PurgeQueue", purge_queue},
      {"ReceiveMessage", receive_message},
      {"RemovePermission", remove_permission},
      {"SendMessage", send_message},
      {"SendMessageBatch", send_message_batch},
      {"SetQueueAttributes", set_queue_attributes},
      {"StartMessageMoveTask", start_message_move_task},
      {"TagQueue", tag_queue},
      {"UntagQueue", untag_queue},
  };
  Operations table;
  for (const auto& [name, action] : kActions) {
    table[name] = [&sqs, name, action](Call& call, json::object input) {
      return run(sqs, name, action, call, std::move(input));
    };
  }
  return table;
}

}  // namespace ads::cloud::sqs
