#include "cloud/ssm/access.h"

#include <fmt/core.h>

#include "cloud/access.h"
#include "cloud/ssm/actions/actions.h"

namespace ads::cloud::ssm {
namespace {

// "/a/b", "b", their ARNs, and all of these with a selector (":3", ":label") are one parameter.
std::string arn_of(const Call& call, std::string_view given) {
  return parameter_arn(call.account, call.region, parse_reference(given).name);
}

std::vector<std::string> resources_of(const Call& call, Resource resource, const json::object& input) {
  std::vector<std::string> out;
  auto given = text(input, resource.member());
  switch (resource.kind()) {
    case On::names:
      for (const auto& name : texts(input, resource.member())) out.push_back(arn_of(call, name));
      break;
    case On::path:
      if (given.size() > 1 && given.ends_with('/')) given.pop_back();
      if (!given.empty()) out.push_back(parameter_arn(call.account, call.region, given));
      break;
    case On::name:
      if (!given.empty()) out.push_back(arn_of(call, given));
      break;
    case On::every_parameter:
      break;
  }
  if (out.empty()) out.emplace_back(kEveryResource);
  return out;
}

}  // namespace

Outcome<void> authorize(const Call& call, std::string_view operation, Resource resource, const json::object& input) {
  if (!access::is_enforced(call)) return {};
  std::vector<access::Need> needs;
  for (auto& name : resources_of(call, resource, input))
    needs.push_back({fmt::format("ssm:{}", operation), std::move(name)});
  return access::authorize(call, needs, access::kJsonStyle);
}

}  // namespace ads::cloud::ssm
