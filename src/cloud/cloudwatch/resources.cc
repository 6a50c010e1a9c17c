#include "cloud/cloudwatch/resources.h"

#include <fmt/core.h>

namespace ads::cloud::cloudwatch {
namespace {

access::Need alarm_named(const Request& request, std::string_view name) {
  return {"", fmt::format("arn:aws:cloudwatch:{}:{}:alarm:{}", request.call.region, request.call.account, name)};
}

access::Need dashboard_named(const Request& request, std::string_view name) {
  return {"", fmt::format("arn:aws:cloudwatch::{}:dashboard/{}", request.call.account, name)};
}

}  // namespace

Needs alarm(const Context&, const Request& request, std::string_view member) {
  const auto name = request.text(member);
  return name.empty() ? Needs{} : Needs{alarm_named(request, name)};
}

Needs alarms(const Context&, const Request& request, std::string_view member) {
  Needs needs;
  for (const auto& name : texts(request.input, member)) needs.push_back(alarm_named(request, name));
  return needs;
}

Needs alarm_or_every(const Context&, const Request& request, std::string_view member) {
  const auto name = request.text(member);
  return {alarm_named(request, name.empty() ? "*" : name)};
}

Needs every_alarm(const Context&, const Request& request, std::string_view) {
  return {alarm_named(request, "*")};
}

Needs dashboard(const Context&, const Request& request, std::string_view member) {
  const auto name = request.text(member);
  return name.empty() ? Needs{} : Needs{dashboard_named(request, name)};
}

Needs dashboards(const Context&, const Request& request, std::string_view member) {
  Needs needs;
  for (const auto& name : texts(request.input, member)) needs.push_back(dashboard_named(request, name));
  return needs;
}

Needs tagged(const Context&, const Request& request, std::string_view member) {
  return {{"", request.text(member)}};
}

Needs metrics(const Context&, const Request&, std::string_view) {
  return {};
}

Needs metrics_to_put(const Context&, const Request& request, std::string_view member) {
  return {{"", "", {{"cloudwatch:namespace", access::Values{request.text(member)}}}}};
}

Needs every_dashboard(const Context&, const Request&, std::string_view) {
  return {};
}

}  // namespace ads::cloud::cloudwatch
