#include "cloud/sqs/operations.h"

#include "cloud/sqs/actions.h"
#include "cloud/sqs/errors.h"
#include "cloud/sqs/query.h"
#include "cloud/sqs/resources.h"

namespace ads::cloud::sqs {
namespace {

using operations::Effect;

constexpr std::string_view kModel =
#include "cloud/sqs/model.inc"
    ;

constexpr std::size_t kLargestBody = 16u << 20;
// Receive counts and visibility are written and not waited for: after a power loss a message in flight may be visible
// early, which at-least-once delivery allows.
constexpr Effect kUnwaited = Effect::read;

// What an entry of a batch lacks fails that entry alone, and attributes have errors of their own: the actions say so.
std::optional<WireError> invalid(std::string_view operation, const operations::Violations& found) {
  for (const auto& violation : found) {
    if (violation.kind != operations::Violation::Kind::missing) continue;
    if (violation.member == "entries") return empty_batch(std::string(operation) + "RequestEntry");
    if (violation.member.find('.') != std::string::npos) continue;
    auto member = violation.member;
    member[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(member[0])));
    return missing_parameter(member);
  }
  return std::nullopt;
}

const operations::Api kApi{
    .model = kModel,
    .permission = "sqs",
    .json = {.content_type = "application/x-amz-json-1.0",
             .target_prefix = "AmazonSQS.",
             .error_prefix = "com.amazonaws.sqs#",
             .is_query_compatible = true},
    .query = {.xml_namespace = "http://queue.amazonaws.com/doc/2012-11-05/",
              .prepare = add_queue_url,
              .render = render_result,
              .refusal = for_query},
    .denied = {},
    .invalid = invalid,
};

constexpr operations::Row<Context> kOperations[] = {
    {"AddPermission", Effect::write, {queue, "QueueUrl"}, add_permission},
    {"CancelMessageMoveTask", Effect::write, {queue_of_task, "TaskHandle"}, cancel_message_move_task},
    {"ChangeMessageVisibility", kUnwaited, {queue, "QueueUrl"}, change_message_visibility},
    {"ChangeMessageVisibilityBatch", kUnwaited, {queue, "QueueUrl"}, change_message_visibility_batch},
    {"CreateQueue", Effect::write, {queue_named, "QueueName"}, create_queue},
    {"DeleteMessage", Effect::write, {queue, "QueueUrl"}, delete_message},
    {"DeleteMessageBatch", Effect::write, {queue, "QueueUrl"}, delete_message_batch},
    {"DeleteQueue", Effect::write, {queue, "QueueUrl"}, delete_queue},
    {"GetQueueAttributes", Effect::read, {queue, "QueueUrl"}, get_queue_attributes},
    {"GetQueueUrl", Effect::read, {queue_named, "QueueName"}, get_queue_url},
    {"ListDeadLetterSourceQueues", Effect::read, {queue, "QueueUrl"}, list_dead_letter_source_queues},
    {"ListMessageMoveTasks", Effect::read, {queue_with_arn, "SourceArn"}, list_message_move_tasks},
    {"ListQueueTags", Effect::read, {queue, "QueueUrl"}, list_queue_tags},
    {"ListQueues", Effect::read, every_queue, list_queues},
    {"PurgeQueue", Effect::write, {queue, "QueueUrl"}, purge_queue},
    {"ReceiveMessage", kUnwaited, {queue, "QueueUrl"}, receive_message},
    {"RemovePermission", Effect::write, {queue, "QueueUrl"}, remove_permission},
    {"SendMessage", Effect::write, {queue, "QueueUrl"}, send_message, kLargestBody},
    {"SendMessageBatch", Effect::write, {queue, "QueueUrl"}, send_message_batch, kLargestBody},
    {"SetQueueAttributes", Effect::write, {queue, "QueueUrl"}, set_queue_attributes},
    {"StartMessageMoveTask", Effect::write, {queues_of_new_task, "SourceArn"}, start_message_move_task},
    {"TagQueue", Effect::write, {queue, "QueueUrl"}, tag_queue},
    {"UntagQueue", Effect::write, {queue, "QueueUrl"}, untag_queue},
};

}  // namespace

operations::Pipeline make_pipeline(Environment& environment, Service& sqs) {
  return {environment, kApi, kOperations, [&](const Call& call) { return Context{sqs, call}; }};
}

}  // namespace ads::cloud::sqs
