// CloudFormation's Query protocol: inputs as forms, XML answers as outputs.
#pragma once
#include <string_view>

#include "aws/cloudformation/cloudformation.h"
#include "aws/wire.h"
#include "base/result.h"

namespace ads::aws::cloudformation {

Form form(std::string_view action);
Form encode(const CreateChangeSetInput& input);

// Errors of all: corrupt / "MalformedAnswer".
Result<CreateChangeSetOutput> decode_create_change_set(std::string_view xml);
Result<DescribeChangeSetOutput> decode_describe_change_set(std::string_view xml);
Result<DescribeStacksOutput> decode_describe_stacks(std::string_view xml);
Result<ListStacksOutput> decode_list_stacks(std::string_view xml);
Result<DescribeStackEventsOutput> decode_describe_stack_events(std::string_view xml);
Result<std::vector<StackResource>> decode_describe_stack_resources(std::string_view xml);
Result<ValidateTemplateOutput> decode_validate_template(std::string_view xml);
Result<std::string> decode_get_template(std::string_view xml);

}  // namespace ads::aws::cloudformation
