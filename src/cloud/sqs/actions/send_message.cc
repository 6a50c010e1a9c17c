// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html and _SendMessageBatch.html
#include "base/encoding.h"
#include "cloud/sqs/actions.h"
#include "cloud/sqs/batch.h"
#include "cloud/sqs/system_attributes.h"

namespace ads::cloud::sqs {
namespace {

Outcome<Draft> draft_of(const Context& context, const json::object& input) {
  Draft draft;
  draft.body = text(input, "MessageBody");
  auto attributes = message_attributes_of(input, "MessageAttributes");
  if (!attributes) return refuse(attributes.error());
  draft.attributes = std::move(*attributes);
  auto system = message_attributes_of(input, "MessageSystemAttributes");
  if (!system) return refuse(system.error());
  for (const auto& [name, attribute] : *system) {
    if (name != "AWSTraceHeader" || attribute.data_type != "String") {
      return refuse(invalid_parameter(fmt::format(
          "Message system attribute name '{}' is invalid: only AWSTraceHeader of type String may be sent.", name)));
    }
    draft.trace_header = attribute.value;
  }
  auto delay = whole_in(input, "DelaySeconds", 0, 900);
  if (!delay) return refuse(delay.error());
  draft.delay_seconds = *delay;
  draft.group = text(input, "MessageGroupId");
  draft.deduplication_id = text(input, "MessageDeduplicationId");
  draft.sender = context.call.caller.user_id;
  return draft;
}

// Keeps a checked message and answers it: the members that both operations share.
json::object keep(Queue& queue, Changes& changes, Message message, std::optional<std::int64_t> delay_seconds,
                  Millis now) {
  json::object answer;
  answer["MD5OfMessageBody"] = to_hex(message.body_md5);
  if (!message.attributes.empty()) answer["MD5OfMessageAttributes"] = md5_of_attributes(message.attributes);
  if (!message.trace_header.empty()) {
    answer["MD5OfMessageSystemAttributes"] = md5_of_attributes({{"AWSTraceHeader", {"String", message.trace_header}}});
  }
  std::optional<Millis> delay;
  if (delay_seconds && !queue.settings().is_fifo) delay = *delay_seconds * 1000;
  const Appended appended = queue.append(changes, std::move(message), delay, now);
  answer["MessageId"] = appended.message_id;
  if (queue.settings().is_fifo) answer["SequenceNumber"] = sequence_number(appended.sequence);
  return answer;
}

}  // namespace

Reply send_message(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) return refuse(queue.error());
  auto draft = draft_of(context, input);
  if (!draft) return refuse(draft.error());
  const auto delay = draft->delay_seconds;
  auto message = context.sqs.check(**queue, std::move(*draft));
  if (!message) return refuse(message.error());
  Changes changes;
  json::object answer = keep(**queue, changes, std::move(*message), delay, context.sqs.now());
  return apply(context, changes, answer);
}

Reply send_message_batch(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) return refuse(queue.error());
  auto entries = batch_entries(input, "SendMessageBatchRequestEntry");
  if (!entries) return refuse(entries.error());
  std::vector<Outcome<Draft>> drafts;
  std::size_t size = 0;
  for (const auto* entry : *entries) {
    drafts.push_back(draft_of(context, *entry));
    if (drafts.back()) size += size_of(drafts.back()->body, drafts.back()->attributes);
  }
  if (size > kLargestMessage) return refuse(batch_too_long(kLargestMessage, size));
  Changes changes;
  BatchAnswer answer;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    const std::string id = text(*(*entries)[i], "Id");
    if (!drafts[i]) {
      answer.fail(id, drafts[i].error());
      continue;
    }
    const auto delay = drafts[i]->delay_seconds;
    auto message = context.sqs.check(**queue, std::move(*drafts[i]));
    if (!message) {
      answer.fail(id, message.error());
      continue;
    }
    json::object kept = keep(**queue, changes, std::move(*message), delay, context.sqs.now());
    kept["Id"] = id;
    answer.successful.push_back(std::move(kept));
  }
  return apply(context, changes, answer.take());
}

}  // namespace ads::cloud::sqs
