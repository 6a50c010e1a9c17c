#include "cloud/iam/access.h"

#include "cloud/access.h"
#include "cloud/iam/input.h"

namespace ads::cloud::iam {
namespace {

// Of one that exists with its path, of one to be made with the path it is to have.
std::string entity_arn(const Request& r, EntityKind kind, std::string name) {
  if (const auto found = r.directory.find(kind, name)) return r.directory.arn(*found);
  auto path = optional_text(r.input, "Path");
  if (path.empty()) path = "/";
  return fmt::format("arn:aws:iam::{}:{}{}{}", r.directory.account(), to_string(kind), path, name);
}

std::string resource_of(const Request& r, std::string_view operation) {
  const auto& caller = *r.call.caller.principal;
  if (operation == "ListRoles") return fmt::format("arn:aws:iam::{}:role/", r.directory.account());
  if (operation == "ListUsers") return fmt::format("arn:aws:iam::{}:user/", r.directory.account());
  if (operation == "ListPolicies") return fmt::format("arn:aws:iam::{}:policy path /", r.directory.account());
  if (auto name = optional_text(r.input, "RoleName"); !name.empty()) return entity_arn(r, EntityKind::role, name);
  if (auto name = optional_text(r.input, "UserName"); !name.empty()) return entity_arn(r, EntityKind::user, name);
  if (auto arn = optional_text(r.input, "PolicyArn"); !arn.empty()) return arn;
  if (operation == "CreatePolicy") {
    auto path = optional_text(r.input, "Path");
    if (path.empty()) path = "/";
    return fmt::format("arn:aws:iam::{}:policy{}{}", r.directory.account(), path, optional_text(r.input, "PolicyName"));
  }
  // Without a name, the one who asks.
  const bool is_of_user = operation.find("User") != operation.npos || operation.find("AccessKey") != operation.npos;
  return is_of_user && !caller.entity_arn.empty() ? caller.entity_arn : "*";
}

}  // namespace

Outcome<void> authorize(const Request& r, std::string_view operation) {
  if (!access::is_enforced(r.call)) return {};
  // Everybody may ask who they are and for a session of their own; AssumeRole asks the role's trust policy.
  if (operation == "GetCallerIdentity" || operation == "GetSessionToken" || operation == "AssumeRole") return {};
  if (operation == "GetAccessKeyInfo") return access::authorize(r.call, access::Need{"sts:GetAccessKeyInfo", "*"});
  access::Need need{fmt::format("iam:{}", operation), resource_of(r, operation)};
  for (auto [member, key] :
       {std::pair{"PolicyArn", "iam:policyarn"}, std::pair{"PermissionsBoundary", "iam:permissionsboundary"}}) {
    if (auto value = optional_text(r.input, member); !value.empty()) {
      need.keys.emplace_back(key, access::Values{std::move(value)});
    }
  }
  return access::authorize(r.call, need);
}

}  // namespace ads::cloud::iam
