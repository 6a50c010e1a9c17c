// What the parameter store's operations act on, as policies spell it.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
#pragma once
#include <string_view>

#include "cloud/ssm/context.h"

namespace ads::cloud::ssm {

using operations::Needs;
using operations::Request;

// The parameter that the member names, however it is spelled: "/a/b", "b", their ARNs, each with ":3" or ":label".
Needs parameter(const Context& context, const Request& request, std::string_view member);
Needs parameters(const Context& context, const Request& request, std::string_view member);  // the member is a list
Needs path(const Context& context, const Request& request, std::string_view member);
Needs every_parameter(const Context& context, const Request& request, std::string_view member);

}  // namespace ads::cloud::ssm
