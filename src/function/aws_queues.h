// The ports RetryQueue and ShardQueue over SQS.
#pragma once
#include "aws/sqs/client.h"
#include "function/ports.h"
#include "function/settings.h"

namespace ads::function {

// One queue by its URL.
class AwsQueue {
 public:
  AwsQueue(aws::Connection& connection, const std::string& url) : sqs_(connection), url_(url) {}
  Task<Result<void>> postpone(std::vector<std::string> receipt_handles, std::chrono::seconds time);
  Task<Result<QueueDepth>> depth();
  Task<Result<batch::BatchAnswer>> send(std::vector<aws::sqs::SendEntry> entries);

 private:
  aws::sqs::Client sqs_;
  const std::string& url_;
};

class AwsRetryQueue : public RetryQueue {
 public:
  AwsRetryQueue(aws::Connection& connection, const Settings& settings) : queue_(connection, settings.retry_queue_url) {}
  Task<Result<batch::BatchAnswer>> send(std::span<const batch::RetryMessage* const> messages) override;
  Task<Result<void>> postpone(std::vector<std::string> receipt_handles, std::chrono::seconds time) override {
    return queue_.postpone(std::move(receipt_handles), time);
  }
  Task<Result<QueueDepth>> depth() override { return queue_.depth(); }

 private:
  AwsQueue queue_;
};

class AwsShardQueue : public ShardQueue {
 public:
  AwsShardQueue(aws::Connection& connection, const Settings& settings) : queue_(connection, settings.shard_queue_url) {}
  Task<Result<batch::BatchAnswer>> send(std::vector<batch::ShardMessage> messages) override;
  Task<Result<void>> postpone(std::vector<std::string> receipt_handles, std::chrono::seconds time) override {
    return queue_.postpone(std::move(receipt_handles), time);
  }
  Task<Result<QueueDepth>> depth() override { return queue_.depth(); }

 private:
  AwsQueue queue_;
};

}  // namespace ads::function
