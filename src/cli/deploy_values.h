// What a template cannot check of its parameters' values: that a time zone is known to the function, and that mail
// addresses are ones that SES takes.
#pragma once
#include "base/result.h"
#include "cli/template_file.h"

namespace ads::cli {

// CloudFormation's rule. Errors: invalid / "BadStackName".
Result<void> check_stack_name(std::string_view name);

// TimeZone, ReportFrom and ReportTo, where they are given; domains of addresses become punycode. Errors: invalid /
// "BadParameter", with every complaint, one a line.
Result<void> check_values(ParameterMap& given);

}  // namespace ads::cli
