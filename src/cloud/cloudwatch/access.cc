#include "cloud/cloudwatch/access.h"

#include <fmt/core.h>

#include "cloud/access.h"
#include "cloud/cloudwatch/input.h"

namespace ads::cloud::cloudwatch {
namespace {

std::vector<std::string> resources_of(const Call& call, Resource resource, const json::object& input) {
  std::vector<std::string> out;
  const auto alarm = [&](std::string_view name) {
    return fmt::format("arn:aws:cloudwatch:{}:{}:alarm:{}", call.region, call.account, name);
  };
  const auto dashboard = [&](std::string_view name) {
    return fmt::format("arn:aws:cloudwatch::{}:dashboard/{}", call.account, name);
  };
  const auto given = text(input, resource.member());
  switch (resource.kind()) {
    case On::alarm:
      if (!given.empty()) out.push_back(alarm(given));
      break;
    case On::alarm_or_every:
      out.push_back(alarm(given.empty() ? "*" : given));
      break;
    case On::every_alarm:
      out.push_back(alarm("*"));
      break;
    case On::alarms:
      for (const auto& name : texts(input, resource.member())) out.push_back(alarm(name));
      break;
    case On::dashboard:
      if (!given.empty()) out.push_back(dashboard(given));
      break;
    case On::dashboards:
      for (const auto& name : texts(input, resource.member())) out.push_back(dashboard(name));
      break;
    case On::arn:
      if (!given.empty()) out.push_back(given);
      break;
    case On::everything:
      break;
  }
  if (out.empty()) out.emplace_back(kEveryResource);
  return out;
}

}  // namespace

Outcome<void> authorize(const Call& call, std::string_view operation, Resource resource, const json::object& input) {
  if (!access::is_enforced(call)) return {};
  std::vector<access::Need> needs;
  for (auto& arn : resources_of(call, resource, input))
    needs.push_back({fmt::format("cloudwatch:{}", operation), std::move(arn)});
  if (const auto space = get_string(input, "Namespace"); space && operation == "PutMetricData")
    needs.back().keys.emplace_back("cloudwatch:namespace", access::Values{std::string(*space)});
  return access::authorize(call, needs);
}

}  // namespace ads::cloud::cloudwatch
