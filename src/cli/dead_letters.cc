#include "cli/dead_letters.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "batch/event.h"
#include "batch/mail.h"
#include "batch/retry_message.h"
#include "batch/shard_message.h"

namespace ads::cli {
namespace {

constexpr std::chrono::seconds kHeld{60};
// A short poll asks some of the queue's servers only, and may find nothing where something is.
constexpr std::chrono::seconds kLongPoll{1};
constexpr int kAtOnce = 10;

void read_retry(DeadLetter& letter) {
  auto message = batch::parse_retry_message(letter.body);
  if (!message) {
    letter.problem = message.error().message;
    return;
  }
  letter.user = message->service_uuid;
  letter.record_id = message->record_id;
  letter.run_id = message->run_id;
  letter.batch = message->batch;
}

void read_shard(DeadLetter& letter) {
  auto message = batch::parse_shard_message(letter.body);
  if (!message) {
    letter.problem = message.error().message;
    return;
  }
  letter.run_id = message->run_id;
  letter.shard = message->shard;
}

void read_event(DeadLetter& letter) {
  auto body = parse_json_object(letter.body);
  if (!body) {
    letter.problem = body.error().message;
    return;
  }
  if (const json::object* answer = get_object(*body, "responsePayload"))
    letter.error = get_string(*answer, "errorMessage").value_or("");
  if (letter.error.empty())
    if (const json::object* context = get_object(*body, "requestContext"))
      letter.error = get_string(*context, "condition").value_or("");
  const json::object* payload = get_object(*body, "requestPayload");
  if (!payload) {
    letter.problem = "it has no requestPayload";
    return;
  }
  auto events = batch::parse_object_events(*payload);
  if (!events) {
    letter.problem = events.error().message;
    return;
  }
  for (const batch::ObjectEvent& event : *events) {
    letter.batch += (letter.batch.empty() ? "" : ", ") + event.object.key;
    if (letter.run_id.empty()) letter.run_id = batch::run_id(event.object);
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

DeadLetter read_dead_letter(DeadQueue queue, aws::sqs::Message message) {
  DeadLetter letter;
  letter.message_id = std::move(message.message_id);
  letter.receipt_handle = std::move(message.receipt_handle);
  letter.body = std::move(message.body);
  letter.attributes = std::move(message.attributes);
  letter.message_attributes = std::move(message.message_attributes);
  if (auto count = letter.attributes.find("ApproximateReceiveCount"); count != letter.attributes.end())
    letter.receives = std::atoi(count->second.c_str());
  if (auto sent = letter.attributes.find("SentTimestamp"); sent != letter.attributes.end())
    letter.sent = SystemTime(std::chrono::milliseconds(std::strtoll(sent->second.c_str(), nullptr, 10)));
  switch (queue) {
    case DeadQueue::retry:
      read_retry(letter);
      break;
    case DeadQueue::shards:
      read_shard(letter);
      break;
    case DeadQueue::events:
      read_event(letter);
      break;
  }
  return letter;
}

json::object dead_letter_json(const DeadLetter& letter, SystemTime now) {
  json::object object{{"messageId", letter.message_id}};
  auto put = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) object[name] = value;
  };
  put("user", letter.user);
  put("record", letter.record_id);
  put("run", letter.run_id);
  put("batch", letter.batch);
  if (letter.shard) object["shard"] = *letter.shard;
  object["receives"] = letter.receives;
  object["sent"] = iso8601(letter.sent);
  object["ageSeconds"] = std::chrono::floor<std::chrono::seconds>(now - letter.sent).count();
  put("error", letter.error);
  put("problem", letter.problem);
  return object;
}

std::string age_text(std::chrono::seconds age) {
  auto count = std::max<std::int64_t>(age.count(), 0);
  if (count < 120) return fmt::format("{} s", count);
  if (count < 2 * 3600) return fmt::format("{} min", count / 60);
  if (count < 48 * 3600) return fmt::format("{} h", count / 3600);
  return fmt::format("{} d", count / 86400);
}

std::string dead_letter_line(DeadQueue queue, const DeadLetter& letter, SystemTime now) {
  std::string age = age_text(std::chrono::floor<std::chrono::seconds>(now - letter.sent));
  std::string what;
  if (!letter.problem.empty())
    what = "not of ADS: " + letter.problem;
  else if (queue == DeadQueue::retry)
    what = fmt::format("user {}  record {}  run {}", letter.user, letter.record_id, letter.run_id);
  else if (queue == DeadQueue::shards)
    what = letter.shard ? fmt::format("shard {} of run {}", *letter.shard, letter.run_id)
                        : fmt::format("the end of run {}", letter.run_id);
  else
    what = fmt::format("{}  run {}  {}", letter.batch, letter.run_id, letter.error);
  return fmt::format("{}  {:>7} old  {:>2} receives  {}\n", letter.message_id, age, letter.receives,
                     batch::plain_line(what));
}

Result<std::string> payload_of_failed_event(std::string_view body) {
  auto record = parse_json_object(body);
  if (!record) return fail(ErrorKind::corrupt, "NotAFailedEvent", "its body is no JSON object");
  const json::object* payload = get_object(*record, "requestPayload");
  if (!payload) return fail(ErrorKind::corrupt, "NotAFailedEvent", "its body has no requestPayload");
  if (auto events = batch::parse_object_events(*payload); !events)
    return fail(ErrorKind::corrupt, "NotAFailedEvent", "its requestPayload is no S3 event: " + events.error().message);
  return json::serialize(*payload);
}

Task<Result<bool>> HeldLetters::receive() {
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
    letters_.push_back(read_dead_letter(queue_, std::move(message)));
    is_removed_.push_back(false);
  }
  co_return !received->empty();
}

Task<Result<void>> HeldLetters::remove(std::size_t index) {
  auto removed = co_await sqs_.delete_message(url_, letters_[index].receipt_handle);
  if (removed) is_removed_[index] = true;
  co_return removed;
}

Task<Result<void>> HeldLetters::give_back() {
  std::vector<aws::sqs::VisibilityEntry> entries;
  for (std::size_t i = 0; i < letters_.size(); ++i) {
    if (!is_removed_[i]) entries.push_back({std::to_string(i), letters_[i].receipt_handle, std::chrono::seconds(0)});
    bool is_full = entries.size() == kAtOnce || i + 1 == letters_.size();
    if (!is_full || entries.empty()) continue;
    // What fails for single entries has shown again by itself already, or will within the minute.
    auto changed = co_await sqs_.change_message_visibility_batch(url_, std::move(entries));
    if (!changed) co_return fail(changed.error());
    entries.clear();
  }
  co_return Result<void>();
}

}  // namespace ads::cli
