// The many ways to name a function: "f", "f:alias", "000000000000:function:f", and ARNs, with or without qualifier.
#pragma once
#include <string>
#include <string_view>

#include "cloud/wire_error.h"

namespace ads::cloud::lambda {

struct FunctionName {
  std::string name;
  std::string qualifier;  // "", "$LATEST", a version or an alias
};

// Errors: ValidationException for what is no name at all; ResourceNotFoundException for another region's ARN.
Outcome<FunctionName> parse_function_name(std::string_view text, std::string_view region, std::string_view account);
// The same, with a separate Qualifier parameter. Errors: also InvalidParameterValueException where the two disagree.
Outcome<FunctionName> parse_function_name(std::string_view text, std::string_view qualifier, std::string_view region,
                                          std::string_view account);

// "arn:aws:lambda:eu-central-1:000000000000:function:f" with ":qualifier" where there is one.
std::string function_arn(std::string_view region, std::string_view account, std::string_view name,
                         std::string_view qualifier = {});

// The region of an ARN ("arn:aws:lambda:REGION:..."); empty where it is no ARN.
std::string region_of_arn(std::string_view arn);

}  // namespace ads::cloud::lambda
