#include "cloud/cloudformation/access.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>

#include "cloud/access.h"
#include "cloud/cloudformation/actions/input.h"

namespace ads::cloud::cloudformation {
namespace {

constexpr std::string_view kWithRole[] = {
    "CreateStack", "UpdateStack", "DeleteStack", "CreateChangeSet", "ContinueUpdateRollback", "RollbackStack"};
constexpr std::string_view kWithTemplate[] = {"CreateStack", "UpdateStack", "CreateChangeSet"};
constexpr std::string_view kWithChangeSet[] = {"CreateChangeSet", "DescribeChangeSet", "ExecuteChangeSet",
                                               "DeleteChangeSet", "GetTemplate"};

// Condition keys, by the member that they are of; in other operations that member says nothing.
struct Key {
  std::string_view member, key;
  std::span<const std::string_view> operations;
};
constexpr Key kKeys[] = {{"TemplateURL", "cloudformation:templateurl", kWithTemplate},
                         {"ChangeSetName", "cloudformation:changesetname", kWithChangeSet},
                         {"RoleARN", "cloudformation:rolearn", kWithRole}};

std::string resource_of(const Desk& desk, const Call& call, Rule resource, const json::object& input) {
  const auto stack = [&](std::string_view name) {
    if (name.starts_with("arn:")) return std::string(name);
    return fmt::format("arn:aws:cloudformation:{}:{}:stack/{}", call.region, call.account, name);
  };
  const auto named = [&](std::string_view name) {
    return name.starts_with("arn:") ? stack(name) : stack(fmt::format("{}/*", name));
  };
  auto given = text(input, resource.member());
  switch (resource.kind()) {
    case On::everything:
      break;
    case On::stack_or_every:
      return given.empty() ? stack("*") : named(given);
    case On::stack_or_nothing:
    case On::stack:
      if (!given.empty()) return named(given);
      break;
    case On::change_set:
      if (given.starts_with("arn:")) {
        const auto place = desk.stacks.locate_change_set(call.region, given);
        const auto found = place ? desk.stacks.find_uuid(call.region, place->first) : std::nullopt;
        return found ? found->id : given;
      }
      if (auto name = text(input, "StackName"); !name.empty()) return named(name);
      break;
  }
  return std::string(kEveryResource);
}

}  // namespace

Outcome<void> authorize(const Desk& desk, const Call& call, std::string_view operation, Rule resource,
                        const json::object& input) {
  if (!access::is_enforced(call)) return {};
  access::Need need{fmt::format("cloudformation:{}", operation), resource_of(desk, call, resource, input)};
  for (const auto& [member, key, operations] : kKeys)
    if (auto value = text(input, member);
        !value.empty() && std::ranges::find(operations, operation) != operations.end())
      need.keys.emplace_back(key, access::Values{std::move(value)});
  if (auto allowed = access::authorize(call, need); !allowed) return allowed;
  const auto role = text(input, "RoleARN");
  if (role.empty() || std::ranges::find(kWithRole, operation) == std::end(kWithRole)) return {};
  return access::authorize(
      call,
      access::Need{"iam:PassRole", role, {{"iam:passedtoservice", access::Values{"cloudformation.amazonaws.com"}}}});
}

}  // namespace ads::cloud::cloudformation
