// What a new stack can take over instead of making it: the users table that an earlier stack of the name left behind,
// and an SES identity that exists. (A bucket with the template's name is imported by CloudFormation itself.)
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "aws/cloudformation/client.h"
#include "aws/connection.h"
#include "cli/template_file.h"
#include "cli/terminal.h"

namespace ads::cli {

struct Adoption {
  ParameterMap parameters;  // to be added to those given
  std::vector<Line> lines;  // what is said before the change is confirmed
};

struct AdoptionQuery {
  std::string stack_name;
  const TemplateFile& file;
  const ParameterMap& given;
  const aws::cloudformation::Stack* stack = nullptr;  // as it is; null: a new one
};

// Parameters that are given are never changed. What may not be looked at is said and left out. Errors: invalid /
// "BadParameter" where CreateReportIdentity=true is given and the identity exists.
Task<Result<Adoption>> find_adoptions(aws::Connection& connection, AdoptionQuery query);

// Of the stacks that were deleted, those of that name, the newest first.
std::vector<aws::cloudformation::StackSummary> earlier_stacks(std::vector<aws::cloudformation::StackSummary> deleted,
                                                              std::string_view name);
// The physical id of a resource that the deletion of its stack left behind.
std::optional<std::string> left_behind(const std::vector<aws::cloudformation::StackResource>& resources,
                                       std::string_view logical_id, std::string_view type);

}  // namespace ads::cli
