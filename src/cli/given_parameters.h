// The parameters that an operator gives: on the command line, or in a file in one of the forms that the aws CLI takes.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/template_file.h"

namespace ads::cli {

// "Name=Value". Errors: invalid / "BadParameter": no '=', no name, the same name twice with different values.
Result<ParameterMap> parse_pairs(const std::vector<std::string>& pairs);

// The text of a parameters file:
//   {"Name": "Value", ...}                                          or {"Parameters": {"Name": "Value"}, ...}
//   [{"ParameterKey": "Name", "ParameterValue": "Value"}, ...]      ["Name=Value", ...]
//   Name=Value on each line; blank lines and lines that start with # are passed over
// Errors: invalid / "BadParameter", with the file's name.
Result<ParameterMap> parse_parameters_file(std::string_view text, std::string_view name);

}  // namespace ads::cli
