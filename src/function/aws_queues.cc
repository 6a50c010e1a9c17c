#include "function/aws_queues.h"

#include <charconv>

#include "function/batch_answer.h"

namespace ads::function {

Task<Result<void>> AwsQueue::postpone(std::vector<std::string> receipt_handles, std::chrono::seconds time) {
  std::vector<aws::sqs::VisibilityEntry> entries;
  for (std::size_t i = 0; i < receipt_handles.size(); ++i)
    entries.push_back({std::to_string(i), std::move(receipt_handles[i]), time});
  auto output = co_await sqs_.change_message_visibility_batch(url_, std::move(entries));
  if (!output) co_return fail(output.error());
  if (!output->failed.empty())
    co_return fail(ErrorKind::conflict, output->failed.front().code, output->failed.front().message);
  co_return Result<void>{};
}

Task<Result<QueueDepth>> AwsQueue::depth() {
  auto attributes = co_await sqs_.get_queue_attributes(
      url_,
      {"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessagesNotVisible"});
  if (!attributes) co_return fail(attributes.error());
  auto number = [&](const char* name) {
    std::uint64_t value = 0;
    auto found = attributes->find(name);
    if (found != attributes->end())
      std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
    return value;
  };
  co_return QueueDepth{number("ApproximateNumberOfMessages") + number("ApproximateNumberOfMessagesDelayed"),
                       number("ApproximateNumberOfMessagesNotVisible")};
}

Task<Result<batch::BatchAnswer>> AwsQueue::send(std::vector<aws::sqs::SendEntry> entries) {
  auto output = co_await sqs_.send_message_batch(url_, std::move(entries));
  if (!output) co_return fail(output.error());
  co_return to_answer(*output);
}

Task<Result<batch::BatchAnswer>> AwsRetryQueue::send(std::span<const batch::RetryMessage* const> messages) {
  std::vector<aws::sqs::SendEntry> entries;
  entries.reserve(messages.size());
  for (const batch::RetryMessage* message : messages) {
    aws::sqs::SendEntry& entry = entries.emplace_back();
    entry.id = message->record_id;
    entry.body = message->body();
    entry.attributes = attributes_of<aws::sqs::MessageAttribute>(*message);
    entry.group_id = message->service_uuid;
    entry.deduplication_id = message->record_id;
  }
  co_return co_await queue_.send(std::move(entries));
}

Task<Result<batch::BatchAnswer>> AwsShardQueue::send(std::vector<batch::ShardMessage> messages) {
  std::vector<aws::sqs::SendEntry> entries;
  entries.reserve(messages.size());
  for (const batch::ShardMessage& message : messages) {
    aws::sqs::SendEntry& entry = entries.emplace_back();
    entry.id = message.id();
    entry.body = message.body();
  }
  co_return co_await queue_.send(std::move(entries));
}

}  // namespace ads::function
