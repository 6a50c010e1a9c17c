// The ports Users, Topic and Mailer over DynamoDB, SNS and SES.
#pragma once
#include "aws/dynamodb/client.h"
#include "aws/sesv2/client.h"
#include "aws/sns/client.h"
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

class AwsMailer : public Mailer {
 public:
  AwsMailer(aws::Connection& connection, const Settings& settings)
      : ses_(connection), sns_(connection), settings_(settings) {}
  // One message; where SES refuses it, one for each recipient, and a bad one is only logged.
  Task<Result<void>> send(const batch::Mail& mail) override;
  Task<Result<void>> tell_operators(const batch::Mail& mail) override;

 private:
  Task<Result<void>> send_to(const batch::Mail& mail, std::span<const std::string> to);
  Task<Result<void>> send_singly(const batch::Mail& mail, std::span<const std::string> to);

  aws::sesv2::Client ses_;
  aws::sns::Client sns_;
  const Settings& settings_;
};

}  // namespace ads::function
