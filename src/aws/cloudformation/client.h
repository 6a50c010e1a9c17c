// CloudFormation's client over the Query protocol: one coroutine per operation.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "aws/cloudformation/cloudformation.h"
#include "aws/connection.h"

namespace ads::aws::cloudformation {

// Errors are the wire's: not_found / "ChangeSetNotFound", and "ValidationError" whose message says "does not exist";
// conflict / "AlreadyExistsException", "InvalidChangeSetStatus"; invalid / "ValidationError",
// "InsufficientCapabilitiesException".
class Client {
 public:
  explicit Client(Connection& connection) : connection_(connection) {}

  Task<Result<CreateChangeSetOutput>> create_change_set(CreateChangeSetInput input) const;
  // `change_set` is a name, with the stack, or an ARN, with an empty stack.
  Task<Result<DescribeChangeSetOutput>> describe_change_set(std::string stack, std::string change_set,
                                                            std::optional<std::string> next_token = {}) const;
  Task<Result<void>> execute_change_set(std::string stack, std::string change_set, Text token = {}) const;
  Task<Result<void>> delete_change_set(std::string stack, std::string change_set) const;
  Task<Result<DescribeStacksOutput>> describe_stacks(std::optional<std::string> stack,
                                                     std::optional<std::string> next_token = {}) const;
  // Those in one of these statuses.
  Task<Result<ListStacksOutput>> list_stacks(std::vector<std::string> statuses,
                                             std::optional<std::string> next_token = {}) const;
  Task<Result<DescribeStackEventsOutput>> describe_stack_events(std::string stack,
                                                                std::optional<std::string> next_token = {}) const;
  Task<Result<std::vector<StackResource>>> describe_stack_resources(std::string stack) const;
  // `retained` resources stay; only a stack in DELETE_FAILED takes any. A stack that is not there is no error.
  Task<Result<void>> delete_stack(std::string stack, std::vector<std::string> retained = {}, Text token = {}) const;
  Task<Result<ValidateTemplateOutput>> validate_template(TemplateSource source) const;
  Task<Result<std::string>> get_template(std::string stack) const;  // as it was given

 private:
  Connection& connection_;
};

// Whether an error says that there is no such stack: it comes as a ValidationError.
bool is_no_stack(const Error& error);

}  // namespace ads::aws::cloudformation
