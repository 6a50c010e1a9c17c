#include "cloud/sqs/actions.h"

#include "cloud/sqs/access.h"

namespace ads::cloud::sqs {

namespace {

using Action = Answer (*)(Sqs&, Call&, json::object);

struct Row {
  const char* name;
  Action action;
  Resource resource;
};

Answer run(Sqs& sqs, const Row& row, Call& call, json::object input) {
  if (auto allowed = authorize(sqs, call, row.name, row.resource, input); !allowed) co_return refuse(allowed.error());
  co_return co_await row.action(sqs, call, std::move(input));
}

}  // namespace

Operations operations(Sqs& sqs) {
  static constexpr Row kActions[] = {
      {"AddPermission", add_permission, {On::queue, "QueueUrl"}},
      {"CancelMessageMoveTask", cancel_message_move_task, {On::move_task, "TaskHandle"}},
      {"ChangeMessageVisibility", change_message_visibility, {On::queue, "QueueUrl"}},
      {"ChangeMessageVisibilityBatch", change_message_visibility_batch, {On::queue, "QueueUrl"}},
      {"CreateQueue", create_queue, {On::queue_name, "QueueName"}},
      {"DeleteMessage", delete_message, {On::queue, "QueueUrl"}},
      {"DeleteMessageBatch", delete_message_batch, {On::queue, "QueueUrl"}},
      {"DeleteQueue", delete_queue, {On::queue, "QueueUrl"}},
      {"GetQueueAttributes", get_queue_attributes, {On::queue, "QueueUrl"}},
      {"GetQueueUrl", get_queue_url, {On::queue_name, "QueueName"}},
      {"ListDeadLetterSourceQueues", list_dead_letter_source_queues, {On::queue, "QueueUrl"}},
      {"ListMessageMoveTasks", list_message_move_tasks, {On::queue_arn, "SourceArn"}},
      {"ListQueueTags", list_queue_tags, {On::queue, "QueueUrl"}},
      {"ListQueues", list_queues, On::every_queue},
      {"PurgeQueue", purge_queue, {On::queue, "QueueUrl"}},
      {"ReceiveMessage", receive_message, {On::queue, "QueueUrl"}},
      {"RemovePermission", remove_permission, {On::queue, "QueueUrl"}},
      {"SendMessage", send_message, {On::queue, "QueueUrl"}},
      {"SendMessageBatch", send_message_batch, {On::queue, "QueueUrl"}},
      {"SetQueueAttributes", set_queue_attributes, {On::queue, "QueueUrl"}},
      {"StartMessageMoveTask", start_message_move_task, {On::queue_arn, "SourceArn"}},
      {"TagQueue", tag_queue, {On::queue, "QueueUrl"}},
      {"UntagQueue", untag_queue, {On::queue, "QueueUrl"}},
  };
  Operations table;
  for (const Row& row : kActions)
    table[row.name] = [&sqs, &row](Call& call, json::object input) { return run(sqs, row, call, std::move(input)); };
  return table;
}

}  // namespace ads::cloud::sqs
