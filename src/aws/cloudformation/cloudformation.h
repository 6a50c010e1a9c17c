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
  Text client_token;  // the same token twice is the same change set
  // What has the custom name of a new resource already, and whose DeletionPolicy retains it, is imported.
  bool imports_existing = false;
};
struct CreateChangeSetOutput {
  std::string id, stack_id;
};

// One property (or other attribute) of a resource that a change set would touch.
struct PropertyChange {
  std::string attribute;   // "Properties" | "Tags" | "Metadata" | "DeletionPolicy" | "UpdateReplacePolicy" | ...
  std::string name;        // of the property; empty for the other attributes
  std::string path;        // "/Properties/Environment/Variables/MAX_RETRIES"; where the service says it
  std::string recreation;  // "Never" | "Conditionally" | "Always"
  Text before, after;      // where the service says them
};
struct Change {
  std::string action;  // "Add" | "Modify" | "Remove" | "Import" | "Dynamic"
  std::string logical_id, physical_id, resource_type;
  std::string replacement;    // "True" | "False" | "Conditional" | ""
  std::string policy_action;  // what becomes of what is removed or replaced: "Delete" | "Retain" | "Snapshot" | ...
  std::vector<PropertyChange> details;
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
  bool is_protected = false;  // EnableTerminationProtection
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

// Of ListStacks: deleted stacks too, for 90 days.
struct StackSummary {
  std::string id, name, status;
  std::optional<SystemTime> created, deleted;
};
struct ListStacksOutput {
  std::vector<StackSummary> stacks;
  Text next_token;
};

struct StackResource {
  std::string logical_id, physical_id, resource_type, status, status_reason;
  std::optional<SystemTime> time;
};

// A template in the request (51,200 bytes at most), or where it lies in S3 (1 MB).
struct TemplateSource {
  Text body, url;  // one of them
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
