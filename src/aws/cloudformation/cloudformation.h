// CloudFormation's operations as this project calls them: requests and answers
// (docs.aws.amazon.com/AWSCloudFormation/latest/APIReference).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace ads::aws::cloudformation {

using Text = std::optional<std::string>;

struct Parameter {
  std::string key;
  Text value;  // nothing: as before
};

enum class ChangeSetType { create, update };
struct CreateChangeSetInput {
  std::string stack_name, change_set_name;
  ChangeSetType type = ChangeSetType::create;
  Text template_body, template_url;  // one of them
  std::vector<Parameter> parameters;
  std::vector<std::string> capabilities;  // "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"
  std::map<std::string, std::string> tags;
  Text description;
};
struct CreateChangeSetOutput {
  std::string id, stack_id;
};

struct Change {
  std::string action;  // "Add" | "Modify" | "Remove" | ...
  std::string logical_id, physical_id, resource_type;
  std::string replacement;  // "True" | "False" | "Conditional" | ""
};
struct DescribeChangeSetOutput {
  std::string id, name, stack_id, stack_name;
  std::string status;            // "CREATE_PENDING", "CREATE_IN_PROGRESS", "CREATE_COMPLETE", "FAILED"
  std::string execution_status;  // "AVAILABLE", ...
  std::string status_reason;     // "The submitted information didn't contain changes..." where nothing changes
  std::vector<Change> changes;
  Text next_token;
};

struct Output {
  std::string key, value, description, export_name;
};
struct Stack {
  std::string id, name, status, status_reason;
  std::vector<Parameter> parameters;
  std::vector<Output> outputs;
  std::map<std::string, std::string> tags;
  std::optional<SystemTime> created, updated;
};
struct DescribeStacksOutput {
  std::vector<Stack> stacks;
  Text next_token;
};

struct StackEvent {
  std::string id, stack_id, logical_id, physical_id, resource_type, status, status_reason;
  std::optional<SystemTime> time;
};
struct DescribeStackEventsOutput {
  std::vector<StackEvent> events;  // the newest first
  Text next_token;
};

struct StackResource {
  std::string logical_id, physical_id, resource_type, status, status_reason;
  std::optional<SystemTime> time;
};

struct TemplateParameter {
  std::string key, default_value, description;
};
struct ValidateTemplateOutput {
  std::string description;
  std::vector<TemplateParameter> parameters;
  std::vector<std::string> capabilities;
};

}  // namespace ads::aws::cloudformation
