#include "cli/dead_letters.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "batch/event.h"
#include "batch/retry_message.h"
#include "batch/shard_message.h"
#include "cli/printable.h"

namespace ads::cli {
namespace {

constexpr std::chrono::seconds kHeld{60};
// A short poll asks some of the queue's servers only, and may find nothing where something is.
constexpr std::chrono::seconds kLongPoll{1};
constexpr int kAtOnce = 10;

void read_retry(DeadMessage& dead) {
  auto message = batch::parse_retry_message(dead.body);
  if (!message) {
    dead.problem = message.error().message;
    return;
  }
  dead.user = message->service_uuid;
  dead.record_id = message->record_id;
  dead.run_id = message->run_id;
  dead.batch = message->batch;
}

void read_shard(DeadMessage& dead) {
  auto message = batch::parse_shard_message(dead.body);
  if (!message) {
    dead.problem = message.error().message;
    return;
  }
  dead.run_id = message->run_id;
  dead.shard = message->shard;
}

void read_event(DeadMessage& dead) {
  auto body = parse_json_object(dead.body);
  if (!body) {
    dead.problem = body.error().message;
    return;
  }
  if (const json::object* answer = get_object(*body, "responsePayload"))
    dead.error = get_string(*answer, "errorMessage").value_or("");
  if (dead.error.empty())
    if (const json::object* context = get_object(*body, "requestContext"))
      dead.error = get_string(*context, "condition").value_or("");
  const json::object* payload = get_object(*body, "requestPayload");
  if (!payload) {
    dead.problem = "it has no requestPayload";
    return;
  }
  auto events = batch::parse_object_events(*payload);
  if (!events) {
    dead.problem = events.error().message;
    return;
  }
  for (const batch::ObjectEvent& event : *events) {
    dead.batch += (dead.batch.empty() ? "" : ", ") + event.object.key;
    if (dead.run_id.empty()) dead.run_id = batch::run_id(event.object);
  }
}

}  // namespace

std::string_view name_of(DeadQueue queue) {
  switch (queue) {
    case DeadQueue::retry:
      return "retry";
    case DeadQueue::shards:
      return "shards";
    case DeadQueue::events:
      break;
  }
  return "events";
}

std::string_view output_name(DeadQueue queue) {
  switch (queue) {
    case DeadQueue::retry:
      return "RetryDeadLetterQueueUrl";
    case DeadQueue::shards:
      return "ShardDeadLetterQueueUrl";
    case DeadQueue::events:
      break;
  }
  return "FailedEventsQueueUrl";
}

std::string_view home_output_name(DeadQueue queue) {
  switch (queue) {
    case DeadQueue::retry:
      return "RetryQueueUrl";
    case DeadQueue::shards:
      return "ShardQueueUrl";
    case DeadQueue::events:
      break;
  }
  return {};
}

DeadMessage read_dead_message(DeadQueue queue, aws::sqs::Message message) {
  DeadMessage dead;
  dead.message_id = std::move(message.message_id);
  dead.receipt_handle = std::move(message.receipt_handle);
  dead.body = std::move(message.body);
  dead.attributes = std::move(message.attributes);
  dead.message_attributes = std::move(message.message_attributes);
  if (auto count = dead.attributes.find("ApproximateReceiveCount"); count != dead.attributes.end())
    dead.receives = std::atoi(count->second.c_str());
  if (auto sent = dead.attributes.find("SentTimestamp"); sent != dead.attributes.end())
    dead.sent = SystemTime(std::chrono::milliseconds(std::strtoll(sent->second.c_str(), nullptr, 10)));
  switch (queue) {
    case DeadQueue::retry:
      read_retry(dead);
      break;
    case DeadQueue::shards:
      read_shard(dead);
      break;
    case DeadQueue::events:
      read_event(dead);
      break;
  }
  return dead;
}

json::object dead_message_json(const DeadMessage& dead, SystemTime now) {
  json::object object{{"messageId", dead.message_id}};
  auto put = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) object[name] = value;
  };
  put("user", dead.user);
  put("record", dead.record_id);
  put("run", dead.run_id);
  put("batch", dead.batch);
  if (dead.shard) object["shard"] = *dead.shard;
  object["receives"] = dead.receives;
  object["sent"] = iso8601(dead.sent);
  object["ageSeconds"] = std::chrono::floor<std::chrono::seconds>(now - dead.sent).count();
  put("error", dead.error);
  put("problem", dead.problem);
  return object;
}

std::string age_text(std::chrono::seconds age) {
  auto count = std::max<std::int64_t>(age.count(), 0);
  if (count < 120) return fmt::format("{} s", count);
  if (count < 2 * 3600) return fmt::format("{} min", count / 60);
  if (count < 48 * 3600) return fmt::format("{} h", count / 3600);
  return fmt::format("{} d", count / 86400);
}

std::string dead_message_line(DeadQueue queue, const DeadMessage& dead, SystemTime now) {
  std::string age = age_text(std::chrono::floor<std::chrono::seconds>(now - dead.sent));
  std::string what;
  if (!dead.problem.empty())
    what = "not written by ADS: " + dead.problem;
  else if (queue == DeadQueue::retry)
    what = fmt::format("user {}  record {}  run {}", dead.user, dead.record_id, dead.run_id);
  else if (queue == DeadQueue::shards)
    what = dead.shard ? fmt::format("shard {} of run {}", *dead.shard, dead.run_id)
                      : fmt::format("the end of run {}", dead.run_id);
  else
    what = fmt::format("{}  run {}  {}", dead.batch, dead.run_id, dead.error);
  return fmt::format("{}  {:>7} old  {:>2} receives  {}\n", dead.message_id, age, dead.receives, printable(what));
}

Result<std::string> payload_of_failed_event(std::string_view body) {
  auto record = parse_json_object(body);
  if (!record) return fail(ErrorKind::corrupt, "NotAFailedEvent", "its body is not a JSON object");
  const json::object* payload = get_object(*record, "requestPayload");
  if (!payload) return fail(ErrorKind::corrupt, "NotAFailedEvent", "its body has no requestPayload");
  if (auto events = batch::parse_object_events(*payload); !events)
    return fail(ErrorKind::corrupt, "NotAFailedEvent",
                "its requestPayload is not an S3 event: " + events.error().message);
  return json::serialize(*payload);
}

Task<Result<bool>> HeldMessages::receive() {
  aws::sqs::ReceiveMessageInput input;
  input.queue_url = url_;
  input.max_messages = kAtOnce;
  input.wait = kLongPoll;
  input.visibility = kHeld;
  input.attribute_names = {"All"};
  input.message_attribute_names = {"All"};
  auto received = co_await sqs_.receive_message(std::move(input));
  if (!received) co_return fail(received.error());
  for (auto& message : *received) {
    messages_.push_back(read_dead_message(queue_, std::move(message)));
    is_removed_.push_back(false);
  }
  co_return !received->empty();
}

Task<Result<void>> HeldMessages::remove(std::size_t index) {
  auto removed = co_await sqs_.delete_message(url_, messages_[index].receipt_handle);
  if (removed) is_removed_[index] = true;
  co_return removed;
}

Task<Result<void>> HeldMessages::give_back() {
  std::vector<aws::sqs::VisibilityEntry> entries;
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    if (!is_removed_[i]) entries.push_back({std::to_string(i), messages_[i].receipt_handle, std::chrono::seconds(0)});
    bool is_full = entries.size() == kAtOnce || i + 1 == messages_.size();
    if (!is_full || entries.empty()) continue;
    // What fails for single entries has shown again by itself already, or will within the minute.
    auto changed = co_await sqs_.change_message_visibility_batch(url_, std::move(entries));
    if (!changed) co_return fail(changed.error());
    entries.clear();
  }
  co_return Result<void>();
}

}  // namespace ads::cli
