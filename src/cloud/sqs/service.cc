#include "cloud/sqs/service.h"

#include "base/digest.h"
#include "base/encoding.h"
#include "base/ids.h"
#include "cloud/sqs/context.h"
#include "cloud/sqs/deadlines.h"
#include "cloud/sqs/errors.h"
#include "cloud/sqs/input.h"
#include "cloud/sqs/move_task.h"
#include "cloud/sqs/operations.h"

namespace ads::cloud::sqs {
Service::Service(Environment& environment)
    : environment_(environment),
      queues_(environment),
      metrics_(*this),
      tasks_(environment.executor),
      pipeline_(make_pipeline(environment, *this)) {}

Service::~Service() = default;

Task<http::Reply> Service::answer(Call& call) {
  return pipeline_.answer(call);
}

operations::Answer Service::perform(const Call& call, std::string operation, json::object input) {
  return pipeline_.perform(call, std::move(operation), std::move(input));
}

Reply apply(Context& context, Changes& changes, json::object reply) {
  if (auto applied = changes.apply(context.sqs.environment().store); !applied)
    return refuse(internal_failure(applied.error()));
  return reply;
}

Task<void> Service::start() {
  resume_move_tasks(*this);
  metrics_.start();
  co_return;
}

void Service::bring_deadlines_forward(Batch& batch, std::chrono::milliseconds by) {
  bring_forward(environment_.store, batch, by.count());
}

Task<void> Service::stop() {
  is_stopping_ = true;
  queues_.each_loaded([](Queue& queue) { queue.arrivals().ring_all(); });
  co_await metrics_.stop();
  co_await tasks_.stop();
}

Outcome<QueuePointer> Service::queue_of(const Call& call, const json::object& input) {
  auto queue = queues_.find_url(call.region, text(input, "QueueUrl"));
  if (queue) metrics_.used(*queue);
  return queue;
}

Outcome<Message> Service::check(const Queue& queue, Draft draft) const {
  const Settings& settings = queue.settings();
  if (draft.body.empty()) return refuse(missing_parameter("MessageBody"));
  if (!is_allowed_text(draft.body)) {
    return refuse(
        invalid_message_contents("Invalid characters found in the message body. Valid unicode characters are "
                                 "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"));
  }
  if (auto checked = check_attributes(draft.attributes); !checked) return refuse(checked.error());
  if (size_of(draft.body, draft.attributes) > settings.largest_message) {
    return refuse(invalid_parameter(
        fmt::format("One or more parameters are invalid. Reason: Message must be shorter than {} bytes.",
                    settings.largest_message)));
  }
  if (!draft.group.empty() && !is_fifo_id(draft.group)) {
    return refuse(invalid_parameter(
        "MessageGroupId", draft.group,
        "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length."));
  }
  if (!draft.deduplication_id.empty() && !is_fifo_id(draft.deduplication_id)) {
    return refuse(invalid_parameter(
        "MessageDeduplicationId", draft.deduplication_id,
        "MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length."));
  }
  if (settings.is_fifo) {
    if (draft.group.empty()) return refuse(missing_parameter("MessageGroupId"));
    if (draft.deduplication_id.empty() && !settings.deduplicates_by_content) {
      return refuse(
          invalid_parameter("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId "
                            "provided explicitly"));
    }
    if (draft.delay_seconds.value_or(0) != 0) {
      return refuse(invalid_parameter("DelaySeconds", std::to_string(*draft.delay_seconds),
                                      "The request include parameter that is not valid for this queue type."));
    }
  } else if (!draft.deduplication_id.empty()) {
    return refuse(invalid_parameter("MessageDeduplicationId", draft.deduplication_id,
                                    "The request includes a parameter that is not valid for this queue type."));
  }
  Message message;
  message.id = random_uuid();
  message.sender = std::move(draft.sender);
  message.body_md5 = md5(draft.body);
  message.body = std::move(draft.body);
  message.attributes = std::move(draft.attributes);
  message.trace_header = std::move(draft.trace_header);
  message.group = std::move(draft.group);
  message.deduplication_id = std::move(draft.deduplication_id);
  return message;
}

namespace {

// A receive that ends leaves its place to the next one: what woke it may be meant for both.
struct PassOn {
  Queue& queue;
  ~PassOn() { queue.arrivals().ring_one(); }
};

}  // namespace

Task<Outcome<std::vector<Received>>> Service::receive(QueuePointer queue, Receiving receiving) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(receiving.wait);
  std::optional<PassOn> pass_on;
  for (;;) {
    if (queue->is_deleted()) co_return refuse(queue_does_not_exist());
    bool is_unfinished = false;
    if (queue->is_due(now())) {
      Changes due;
      is_unfinished = queue->settle(due, now());
      if (auto applied = due.apply(environment_.store); !applied) co_return refuse(internal_failure(applied.error()));
    }
    if (queue->held() >= kMostInFlight && !queue->settings().is_fifo) {
      co_return refuse(over_limit(fmt::format("Too many messages in flight: {} is the most.", kMostInFlight)));
    }
    if (queue->ready() > 0 || !receiving.attempt.empty()) {
      const auto dead_letters = queues_.dead_letters_of(*queue);
      Changes changes;
      auto taken = queue->take(changes, {.most = receiving.most,
                                         .visibility = receiving.visibility.value_or(queue->settings().visibility),
                                         .now = now(),
                                         .dead_letters = dead_letters.get(),
                                         .attempt = receiving.attempt});
      if (auto applied = changes.apply(environment_.store); !applied)
        co_return refuse(internal_failure(applied.error()));
      if (dead_letters && !dead_letters->activity().is_listed && dead_letters->ready() > 0) metrics_.used(dead_letters);
      if (!taken.messages.empty()) co_return std::move(taken.messages);
      is_unfinished = is_unfinished || taken.is_unfinished;
    }
    if (is_unfinished) {  // let others have a turn between two thousands
      co_await asio::post(environment_.executor, asio::use_awaitable);
      continue;
    }
    if (is_stopping_ || std::chrono::steady_clock::now() >= end) {
      ++queue->activity().empty_receives;
      co_return std::vector<Received>();
    }
    auto until = end;
    if (const auto due = queue->next_due()) {
      const auto in = std::chrono::milliseconds(std::max<Millis>(*due - now(), 1));
      until = std::min(until, std::chrono::steady_clock::now() + in);
    }
    if (!pass_on) pass_on.emplace(*queue);
    co_await queue->arrivals().wait_until(until);
  }
}

Outcome<void> Service::remove_one(Queue& queue, Changes& changes, const std::string& handle) {
  if (handle.empty()) return refuse(missing_parameter("ReceiptHandle"));
  const auto receipt = parse_receipt_handle(handle);
  if (!receipt || receipt->queue != queue.definition().number) return refuse(receipt_handle_is_invalid(handle));
  if (queue.remove(changes, *receipt, now()) == Queue::Removal::expired) {
    return refuse(invalid_parameter("ReceiptHandle", handle, "The receipt handle has expired."));
  }
  return {};
}

Outcome<void> Service::change_one(Queue& queue, Changes& changes, const std::string& handle, Millis timeout) {
  if (handle.empty()) return refuse(missing_parameter("ReceiptHandle"));
  const auto receipt = parse_receipt_handle(handle);
  if (!receipt || receipt->queue != queue.definition().number) return refuse(receipt_handle_is_invalid(handle));
  return queue.change_visibility(changes, *receipt, timeout, now());
}

Task<Outcome<void>> Service::commit(Changes changes) {
  if (auto applied = changes.apply(environment_.store); !applied) co_return refuse(internal_failure(applied.error()));
  if (auto durable = co_await environment_.store.durable(); !durable)
    co_return refuse(internal_failure(durable.error()));
  co_return Outcome<void>();
}

Attributes Service::all_attributes(Queue& queue) {
  Changes changes;
  while (queue.settle(changes, now())) {
    if (!changes.apply(environment_.store)) break;
  }
  if (changes.apply(environment_.store) && queue.ready() > 0) queue.expire(changes, now());
  // A failed write leaves the counters as they were: approximate is what they are.
  if (auto applied = changes.apply(environment_.store); !applied) internal_failure(applied.error());
  const Definition& definition = queue.definition();
  Attributes all = with_defaults(definition.attributes);
  all["QueueArn"] = definition.arn();
  all["CreatedTimestamp"] = std::to_string(definition.created / 1000);
  all["LastModifiedTimestamp"] = std::to_string(definition.modified / 1000);
  all["ApproximateNumberOfMessages"] = std::to_string(queue.ready());
  all["ApproximateNumberOfMessagesNotVisible"] = std::to_string(queue.held());
  all["ApproximateNumberOfMessagesDelayed"] = std::to_string(queue.delayed());
  return all;
}

}  // namespace ads::cloud::sqs
