#include "cloud/cloudwatch/access.h"

#include <fmt/core.h>

#include "cloud/access.h"

namespace ads::cloud::cloudwatch {
namespace {

// The names of a list, or of the one member that there is.
std::vector<std::string> names_of(const json::object& input, std::string_view one, std::string_view many) {
  std::vector<std::string> out;
  if (const auto name = get_string(input, one)) out.emplace_back(*name);
  if (const auto* list = get_array(input, many)) {
    for (const auto& name : *list) {
      if (name.is_string()) out.emplace_back(name.get_string());
    }
  }
  return out;
}

}  // namespace

Outcome<void> authorize(const Call& call, std::string_view operation, const json::object& input) {
  if (!access::is_enforced(call)) return {};
  std::vector<access::Need> needs;
  const auto add = [&](std::string resource) {
    needs.push_back({fmt::format("cloudwatch:{}", operation), std::move(resource)});
  };
  const auto alarm = [&](std::string_view name) {
    return fmt::format("arn:aws:cloudwatch:{}:{}:alarm:{}", call.region, call.account, name);
  };
  if (operation == "DescribeAlarms") {
    add(alarm("*"));
  } else if (operation.find("Alarm") != operation.npos && operation != "DescribeAlarmsForMetric") {
    for (const auto& name : names_of(input, "AlarmName", "AlarmNames")) add(alarm(name));
  } else if (operation.find("Dashboard") != operation.npos && operation != "ListDashboards") {
    for (const auto& name : names_of(input, "DashboardName", "DashboardNames"))
      add(fmt::format("arn:aws:cloudwatch::{}:dashboard/{}", call.account, name));
  } else if (const auto arn = get_string(input, "ResourceARN")) {
    add(std::string(*arn));
  } else {
    add("*");
    if (const auto space = get_string(input, "Namespace"); space && operation == "PutMetricData")
      needs.back().keys.emplace_back("cloudwatch:namespace", access::Values{std::string(*space)});
  }
  return access::authorize(call, needs);
}

}  // namespace ads::cloud::cloudwatch
