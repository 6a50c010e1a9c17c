// The ports Users, Topic, RetryQueue and Mailer over DynamoDB, SNS, SQS and SES.
#pragma once
#include "aws/dynamodb/client.h"
#include "aws/sesv2/client.h"
#include "aws/sns/client.h"
#include "aws/sqs/client.h"
#include "function/ports.h"
#include "function/settings.h"

namespace ads::function {

class AwsUsers : public Users {
 public:
  AwsUsers(aws::Connection& connection, const Settings& settings) : dynamodb_(connection), settings_(settings) {}
  Task<Result<FoundUsers>> look_up(std::vector<std::string> service_uuids) override;

 private:
  aws::dynamodb::Client dynamodb_;
  const Settings& settings_;
};

class AwsTopic : public Topic {
 public:
  AwsTopic(aws::Connection& connection, const Settings& settings);
  Task<Result<batch::BatchAnswer>> publish(std::span<const batch::Notification* const> notifications) override;

 private:
  aws::sns::Client sns_;
  const Settings& settings_;
  enum class Kind { standard, fifo } kind_;
};

class AwsRetryQueue : public RetryQueue {
 public:
  AwsRetryQueue(aws::Connection& connection, const Settings& settings);
  Task<Result<batch::BatchAnswer>> send(std::span<const batch::RetryMessage* const> messages) override;

 private:
  aws::sqs::Client sqs_;
  const Settings& settings_;
};

class AwsMailer : public Mailer {
 public:
  AwsMailer(aws::Connection& connection, const Settings& settings) : ses_(connection), settings_(settings) {}
  Task<Result<void>> send(const batch::Mail& mail) override;

 private:
  aws::sesv2::Client ses_;
  const Settings& settings_;
};

}  // namespace ads::function
