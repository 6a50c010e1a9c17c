// The values that a stack's parameters take: given, kept from before, or by default; and whether they are allowed.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/cloudformation/dynamic_references.h"
#include "cloud/cloudformation/template.h"
#include "cloud/wire_error.h"

namespace ads::cloud::cloudformation {

// Parameter name -> text as given; lists stay comma-separated.
using ParameterValues = std::map<std::string, std::string, std::less<>>;

// `given` is the request's [{"ParameterKey", "ParameterValue" | "UsePreviousValue": "true"}], `previous` the stack's
// values before (empty for a new stack). Errors: ValidationError in AWS's words: unknown names, missing values,
// "Parameter 'X' must match pattern ...".
Outcome<ParameterValues> choose_values(const Template& parsed, const json::array& given,
                                       const ParameterValues& previous);

// What the parameter store gives for parameters of the types AWS::SSM::Parameter::Value<..>; a name of the type
// AWS::SSM::Parameter::Name must be there, too. Errors: ValidationError that names what is not there.
Outcome<ParameterValues> look_up_values(const Template& parsed, const ParameterValues& values,
                                        const FindParameter& find);

// What Ref gives: text, or a list for the list types.
json::value referenced_value(const Parameter& parameter, std::string_view value);

inline constexpr std::string_view kSecretValue = "****";  // what NoEcho parameters show

}  // namespace ads::cloud::cloudformation
