#include "cloud/iam/access.h"

#include "cloud/access.h"
#include "cloud/iam/input.h"

namespace ads::cloud::iam {
namespace {

// Of one that exists with its path. One that does not is at the root: no other member of the request moves it.
std::string entity_arn(const Request& r, EntityKind kind, const std::string& name) {
  if (const auto found = r.directory.find(kind, name)) return r.directory.arn(*found);
  return fmt::format("arn:aws:iam::{}:{}/{}", r.directory.account(), to_string(kind), name);
}

// Of one to be made, with the path it is to have.
std::string new_arn(const Request& r, std::string_view kind, const std::string& name) {
  auto path = optional_text(r.input, "Path");
  if (path.empty()) path = "/";
  return fmt::format("arn:aws:iam::{}:{}{}{}", r.directory.account(), kind, path, name);
}

std::string resource_of(const Request& r, Resource resource) {
  const auto given = optional_text(r.input, resource.member());
  const auto every = [&](std::string_view what) {
    return fmt::format("arn:aws:iam::{}:{}", r.directory.account(), what);
  };
  switch (resource.kind()) {
    case On::every_role:
      return every("role/");
    case On::every_user:
      return every("user/");
    case On::every_policy:
      return every("policy path /");
    case On::role:
      if (!given.empty()) return entity_arn(r, EntityKind::role, given);
      break;
    case On::user_or_caller:
      if (const auto& caller = r.call.caller.principal; given.empty() && caller && !caller->entity_arn.empty())
        return caller->entity_arn;
      [[fallthrough]];
    case On::user:
      if (!given.empty()) return entity_arn(r, EntityKind::user, given);
      break;
    case On::policy:
      if (!given.empty()) return given;
      break;
    case On::new_role:
      if (!given.empty()) return new_arn(r, "role", given);
      break;
    case On::new_user:
      if (!given.empty()) return new_arn(r, "user", given);
      break;
    case On::new_policy:
      if (!given.empty()) return new_arn(r, "policy", given);
      break;
    case On::access_key:
    case On::nothing:
      break;
  }
  return std::string(kEveryResource);
}

}  // namespace

Outcome<void> authorize(const Request& r, std::string_view operation, Resource resource) {
  if (!access::is_enforced(r.call) || resource.kind() == On::nothing) return {};
  const std::string_view service = resource.kind() == On::access_key ? "sts" : "iam";
  access::Need need{fmt::format("{}:{}", service, operation), resource_of(r, resource)};
  for (auto [member, key] :
       {std::pair{"PolicyArn", "iam:policyarn"}, std::pair{"PermissionsBoundary", "iam:permissionsboundary"}}) {
    const bool is_of_operation = std::string_view(member) == "PolicyArn"
                                     ? operation.starts_with("Attach") || operation.starts_with("Detach")
                                     : operation.starts_with("Create") || operation.starts_with("Put");
    if (auto value = optional_text(r.input, member); is_of_operation && !value.empty()) {
      need.keys.emplace_back(key, access::Values{std::move(value)});
    }
  }
  return access::authorize(r.call, need);
}

}  // namespace ads::cloud::iam
