#include "cloud/ssm/access.h"

#include <fmt/core.h>

#include "base/json.h"
#include "cloud/access.h"

namespace ads::cloud::ssm {
namespace {

// "/a/b" and "b", and their ARNs, without what a reader may append (":3", ":label").
std::string parameter_arn(const Call& call, std::string_view name) {
  if (name.starts_with("arn:")) return std::string(name);
  name = name.substr(0, name.find(':'));
  if (name.starts_with('/')) name.remove_prefix(1);
  return fmt::format("arn:aws:ssm:{}:{}:parameter/{}", call.region, call.account, name);
}

}  // namespace

Outcome<void> authorize(const Call& call, std::string_view body) {
  if (!access::is_enforced(call)) return {};
  const auto target = call.request.head.headers.get_or("X-Amz-Target", "");
  const auto operation = target.substr(target.rfind('.') + 1);
  const auto input = parse_json_object(body.empty() ? "{}" : body);
  if (!input || operation.empty()) return {};
  std::vector<access::Need> needs;
  const auto add = [&](std::string resource) {
    needs.push_back({fmt::format("ssm:{}", operation), std::move(resource)});
  };
  if (operation == "DescribeParameters") {
    add("*");
  } else if (const auto* names = get_array(*input, "Names")) {
    for (const auto& name : *names)
      if (name.is_string()) add(parameter_arn(call, name.get_string()));
  } else {
    for (const auto member : {"Name", "Path", "ResourceId"})
      if (const auto name = get_string(*input, member)) {
        add(parameter_arn(call, *name));
        break;
      }
  }
  return access::authorize(call, needs, access::kJsonStyle);
}

}  // namespace ads::cloud::ssm
