#include "cloud/ssm/resources.h"

namespace ads::cloud::ssm {
namespace {

access::Need need_on(const Request& request, std::string_view name) {
  return {"", parameter_arn(request.call.account, request.call.region, name)};
}

}  // namespace

Needs parameter(const Context&, const Request& request, std::string_view member) {
  const auto given = request.text(member);
  if (given.empty()) return {};
  return {need_on(request, parse_reference(given).name)};
}

Needs parameters(const Context&, const Request& request, std::string_view member) {
  Needs needs;
  for (const auto& given : texts(request.input, member)) needs.push_back(need_on(request, parse_reference(given).name));
  return needs;
}

Needs path(const Context&, const Request& request, std::string_view member) {
  auto given = request.text(member);
  if (given.size() > 1 && given.ends_with('/')) given.pop_back();
  if (given.empty()) return {};
  return {need_on(request, given)};
}

Needs every_parameter(const Context&, const Request&, std::string_view) {
  return {};
}

}  // namespace ads::cloud::ssm
