#include "base/encoding.h"
#include "cloud/access_policy.h"
#include "cloud/iam/actions/actions.h"
#include "cloud/iam/errors.h"
#include "cloud/iam/input.h"

namespace ads::cloud::iam {
namespace {

constexpr std::size_t kLongestTrustPolicy = 4096;  // AWS's largest quota for it

json::object describe(const Directory& directory, const Entity& role) {
  json::object out{{"Path", role.path},
                   {"RoleName", role.name},
                   {"RoleId", role.id},
                   {"Arn", directory.arn(role)},
                   {"CreateDate", iso8601_seconds(role.created)},
                   {"AssumeRolePolicyDocument", percent_encode(role.trust_policy)},
                   {"MaxSessionDuration", role.max_session_seconds}};
  if (!role.description.empty()) out["Description"] = role.description;
  if (!role.boundary.empty()) {
    out["PermissionsBoundary"] =
        json::object{{"PermissionsBoundaryType", "Policy"}, {"PermissionsBoundaryArn", role.boundary}};
  }
  if (!role.tags.empty()) out["Tags"] = write_tags(role.tags);
  return out;
}

Outcome<std::string> read_trust_policy(const json::object& input, std::string_view member) {
  auto document = required(input, member);
  if (!document) return document;
  if (document->size() > kLongestTrustPolicy) {
    return refuse(limit_exceeded(fmt::format("Cannot exceed quota for ACLSizePerRole: {}", kLongestTrustPolicy)));
  }
  if (auto policy = access::parse_policy(*document, access::PolicyKind::trust); !policy) return refuse(policy.error());
  return document;
}

}  // namespace

Outcome<std::string> create_role(const Request& r) {
  auto name = required_name(r.input, "RoleName", 64);
  if (!name) return refuse(name.error());
  auto path = optional_path(r.input);
  if (!path) return refuse(path.error());
  auto trust = read_trust_policy(r.input, "AssumeRolePolicyDocument");
  if (!trust) return refuse(trust.error());
  auto seconds = optional_integer(r.input, "MaxSessionDuration", 3600, 3600, 43200);
  if (!seconds) return refuse(seconds.error());
  auto tags = read_tags(r.input);
  if (!tags) return refuse(tags.error());
  auto description = optional_text(r.input, "Description");
  if (description.size() > 1000) return refuse(validation("Description is longer than 1000 characters."));
  auto boundary = checked_boundary(r);
  if (!boundary) return refuse(boundary.error());
  if (r.directory.find(EntityKind::role, *name)) return refuse(entity_exists("Role", *name));
  Entity role{.kind = EntityKind::role, .name = *name, .path = *path, .id = unique_id("AROA"), .created = r.call.now};
  role.trust_policy = *std::move(trust);
  role.description = std::move(description);
  role.max_session_seconds = *seconds;
  role.boundary = *std::move(boundary);
  role.tags = *std::move(tags);
  Batch batch;
  r.directory.put(batch, role);
  return write(r, std::move(batch), members({{"Role", describe(r.directory, role)}}));
}

Outcome<std::string> get_role(const Request& r) {
  auto name = required(r.input, "RoleName");
  if (!name) return refuse(name.error());
  auto role = r.directory.entity(EntityKind::role, *name);
  if (!role) return refuse(role.error());
  auto described = describe(r.directory, *role);
  described["RoleLastUsed"] = json::object{};
  return members({{"Role", std::move(described)}});
}

Outcome<std::string> list_roles(const Request& r) {
  const auto prefix = optional_text(r.input, "PathPrefix");
  json::object result;
  auto names = page_of_names(r, "role", result);
  if (!names) return refuse(names.error());
  json::array roles;
  for (const auto& name : *names) {
    const auto role = r.directory.find(EntityKind::role, name);
    if (!role || !role->path.starts_with(prefix)) continue;
    auto described = describe(r.directory, *role);
    described.erase("Tags");
    roles.push_back(std::move(described));
  }
  result["Roles"] = std::move(roles);
  return members(result);
}

Outcome<std::string> update_role(const Request& r) {
  auto name = required(r.input, "RoleName");
  if (!name) return refuse(name.error());
  auto role = r.directory.entity(EntityKind::role, *name);
  if (!role) return refuse(role.error());
  auto seconds = optional_integer(r.input, "MaxSessionDuration", role->max_session_seconds, 3600, 43200);
  if (!seconds) return refuse(seconds.error());
  role->max_session_seconds = *seconds;
  if (r.input.contains("Description")) role->description = optional_text(r.input, "Description");
  Batch batch;
  r.directory.put(batch, *role);
  return write(r, std::move(batch), std::string(kNoMembers));
}

Outcome<std::string> delete_role(const Request& r) {
  auto name = required(r.input, "RoleName");
  if (!name) return refuse(name.error());
  auto role = r.directory.entity(EntityKind::role, *name);
  if (!role) return refuse(role.error());
  if (auto checked = check_removable(r.directory, *role); !checked) return refuse(checked.error());
  Batch batch;
  r.directory.remove(batch, *role);
  return write(r, std::move(batch));
}

Outcome<std::string> update_assume_role_policy(const Request& r) {
  auto name = required(r.input, "RoleName");
  if (!name) return refuse(name.error());
  auto role = r.directory.entity(EntityKind::role, *name);
  if (!role) return refuse(role.error());
  auto trust = read_trust_policy(r.input, "PolicyDocument");
  if (!trust) return refuse(trust.error());
  role->trust_policy = *std::move(trust);
  Batch batch;
  r.directory.put(batch, *role);
  return write(r, std::move(batch));
}

}  // namespace ads::cloud::iam
