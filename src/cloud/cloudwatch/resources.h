// What CloudWatch's operations act on, as policies spell it.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
#pragma once
#include <string_view>

#include "cloud/cloudwatch/context.h"

namespace ads::cloud::cloudwatch {

using operations::Needs;
using operations::Request;

Needs alarm(const Context& context, const Request& request, std::string_view member);
Needs alarms(const Context& context, const Request& request, std::string_view member);  // the member is a list
Needs alarm_or_every(const Context& context, const Request& request, std::string_view member);
Needs every_alarm(const Context& context, const Request& request, std::string_view member);
Needs dashboard(const Context& context, const Request& request, std::string_view member);
Needs dashboards(const Context& context, const Request& request, std::string_view member);  // the member is a list
// The resource whose ARN the member is.
Needs tagged(const Context& context, const Request& request, std::string_view member);
// Metrics have no resource; a policy may name the namespace that data is put in.
Needs metrics(const Context& context, const Request& request, std::string_view member);
Needs metrics_to_put(const Context& context, const Request& request, std::string_view member);
Needs every_dashboard(const Context& context, const Request& request, std::string_view member);

}  // namespace ads::cloud::cloudwatch
