#include "cloud/iam/managed_policies.h"

#include <fmt/core.h>

#include <map>

namespace ads::cloud::iam {
namespace {

std::string allow(std::string_view actions) {
  return fmt::format(R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":[{}],"Resource":"*"}}]}})",
                     actions);
}

// Source: the AWS Managed Policy Reference.
const std::map<std::string, std::string, std::less<>>& policies() {
  static constexpr std::string_view kLogs = R"("logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents")";
  static const std::map<std::string, std::string, std::less<>> kPolicies = {
      {"service-role/AWSLambdaBasicExecutionRole", allow(kLogs)},
      {"service-role/AWSLambdaSQSQueueExecutionRole",
       allow(fmt::format(R"("sqs:ReceiveMessage","sqs:DeleteMessage","sqs:GetQueueAttributes",{})", kLogs))},
      {"service-role/AWSLambdaDynamoDBExecutionRole",
       allow(fmt::format(R"("dynamodb:DescribeStream","dynamodb:GetRecords","dynamodb:GetShardIterator",)"
                         R"("dynamodb:ListStreams",{})",
                         kLogs))},
      {"service-role/AWSLambdaRole", allow(R"("lambda:InvokeFunction")")},
      {"AWSXRayDaemonWriteAccess",
       allow(R"("xray:PutTraceSegments","xray:PutTelemetryRecords","xray:GetSamplingRules",)"
             R"("xray:GetSamplingTargets","xray:GetSamplingStatisticSummaries")")},
      {"AdministratorAccess", allow(R"("*")")},
      {"AmazonS3FullAccess", allow(R"("s3:*","s3-object-lambda:*")")},
      {"AmazonS3ReadOnlyAccess", allow(R"("s3:Get*","s3:List*","s3:Describe*","s3-object-lambda:Get*",)"
                                       R"("s3-object-lambda:List*")")},
      {"AmazonSQSFullAccess", allow(R"("sqs:*")")},
      {"AmazonSNSFullAccess", allow(R"("sns:*")")},
      {"AmazonSESFullAccess", allow(R"("ses:*")")},
      {"CloudWatchLogsFullAccess", allow(R"("logs:*","cloudwatch:GenerateQuery")")},
  };
  return kPolicies;
}

}  // namespace

const std::string* aws_managed_policy(std::string_view arn) {
  if (!arn.starts_with(kAwsPolicyPrefix)) return nullptr;
  const auto found = policies().find(arn.substr(kAwsPolicyPrefix.size()));
  return found == policies().end() ? nullptr : &found->second;
}

}  // namespace ads::cloud::iam
