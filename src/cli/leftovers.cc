#include "cli/leftovers.h"

#include <fmt/core.h>

#include <array>

namespace ads::cli {
namespace {

struct Removal {
  std::string_view type, command;  // {} is the physical id
};
// A versioned bucket is emptied by a rule sooner than by hand: `aws s3 rm` leaves the versions.
constexpr std::array kRemovals{
    Removal{"AWS::DynamoDB::Table",
            "aws dynamodb update-table --no-deletion-protection-enabled --table-name {0} && aws dynamodb delete-table "
            "--table-name {0}"},
    Removal{
        "AWS::S3::Bucket",
        "empty it with all versions (console: Empty; or a lifecycle rule), then aws s3api delete-bucket --bucket {0}"},
    Removal{"AWS::SQS::Queue", "aws sqs delete-queue --queue-url {0}"},
    Removal{"AWS::SNS::Topic", "aws sns delete-topic --topic-arn {0}"},
    Removal{"AWS::Logs::LogGroup", "aws logs delete-log-group --log-group-name {0}"},
    Removal{"AWS::KMS::Key", "aws kms schedule-key-deletion --key-id {0}"},
    Removal{"AWS::SES::EmailIdentity", "aws sesv2 delete-email-identity --email-identity {0}"},
    Removal{"AWS::SSM::Parameter", "aws ssm delete-parameter --name {0}"},
    Removal{"AWS::SecretsManager::Secret", "aws secretsmanager delete-secret --secret-id {0}"},
};

}  // namespace

std::string removal_command(std::string_view resource_type, std::string_view physical_id) {
  for (const auto& [type, command] : kRemovals) {
    if (type != resource_type) continue;
    std::string out(command);
    for (auto at = out.find("{0}"); at != out.npos; at = out.find("{0}", at + physical_id.size()))
      out.replace(at, 3, physical_id);
    return out;
  }
  return {};
}

std::vector<Leftover> leftovers(const json::object& document,
                                const std::vector<aws::cloudformation::StackResource>& resources) {
  const auto* declared = get_object(document, "Resources");
  std::vector<Leftover> out;
  for (const auto& resource : resources) {
    const auto* body = declared ? get_object(*declared, resource.logical_id) : nullptr;
    auto policy = body ? get_string(*body, "DeletionPolicy").value_or("") : "";
    if (!policy.starts_with("Retain") && policy != "Snapshot") continue;
    if (resource.physical_id.empty() || resource.status == "DELETE_COMPLETE") continue;
    out.push_back({resource.logical_id, resource.resource_type, resource.physical_id,
                   removal_command(resource.resource_type, resource.physical_id)});
  }
  return out;
}

}  // namespace ads::cli
