// IAM's and STS's actions: each checks its input, decides, and writes to the store before it returns the XML of its
// result; the service waits for the disk before it answers a mutation.
#pragma once
#include <string>

#include "base/json.h"
#include "cloud/call.h"
#include "cloud/iam/directory.h"
#include "cloud/query_protocol.h"

namespace ads::cloud::iam {

struct Request {
  Directory& directory;
  const Call& call;
  const json::object& input;
};

using Action = Outcome<std::string> (*)(const Request&);

// roles.cc
Outcome<std::string> create_role(const Request&);
Outcome<std::string> get_role(const Request&);
Outcome<std::string> list_roles(const Request&);
Outcome<std::string> update_role(const Request&);
Outcome<std::string> delete_role(const Request&);
Outcome<std::string> update_assume_role_policy(const Request&);

// users.cc
Outcome<std::string> create_user(const Request&);
Outcome<std::string> get_user(const Request&);
Outcome<std::string> list_users(const Request&);
Outcome<std::string> delete_user(const Request&);
Outcome<std::string> create_access_key(const Request&);
Outcome<std::string> list_access_keys(const Request&);
Outcome<std::string> update_access_key(const Request&);
Outcome<std::string> delete_access_key(const Request&);

// entity_policies.cc: the same for roles and users; the kind is in the operation's name.
template <EntityKind kind>
Outcome<std::string> put_inline_policy(const Request&);
template <EntityKind kind>
Outcome<std::string> get_inline_policy(const Request&);
template <EntityKind kind>
Outcome<std::string> list_inline_policies(const Request&);
template <EntityKind kind>
Outcome<std::string> delete_inline_policy(const Request&);
template <EntityKind kind>
Outcome<std::string> attach_policy(const Request&);
template <EntityKind kind>
Outcome<std::string> detach_policy(const Request&);
template <EntityKind kind>
Outcome<std::string> list_attached_policies(const Request&);
template <EntityKind kind>
Outcome<std::string> tag_entity(const Request&);
template <EntityKind kind>
Outcome<std::string> untag_entity(const Request&);
template <EntityKind kind>
Outcome<std::string> list_entity_tags(const Request&);
template <EntityKind kind>
Outcome<std::string> put_boundary(const Request&);
template <EntityKind kind>
Outcome<std::string> delete_boundary(const Request&);

// managed_policies.cc
Outcome<std::string> create_policy(const Request&);
Outcome<std::string> get_policy(const Request&);
Outcome<std::string> list_policies(const Request&);
Outcome<std::string> delete_policy(const Request&);
Outcome<std::string> create_policy_version(const Request&);
Outcome<std::string> get_policy_version(const Request&);
Outcome<std::string> list_policy_versions(const Request&);
Outcome<std::string> delete_policy_version(const Request&);
Outcome<std::string> set_default_policy_version(const Request&);
Outcome<std::string> list_entities_for_policy(const Request&);

// sts.cc
Outcome<std::string> get_caller_identity(const Request&);
Outcome<std::string> assume_role(const Request&);
Outcome<std::string> get_session_token(const Request&);
Outcome<std::string> get_access_key_info(const Request&);

// ---- shared by the actions ----

// Applies the batch and gives `result`, or the refusal where the disk refused.
Outcome<std::string> write(const Request& request, Batch batch, std::string result = {});

// A result element without members, for operations that have one all the same.
inline constexpr std::string_view kNoMembers = "\n";

// The XML of a result's members.
std::string members(const json::object& result);

// One page of names from `table` as the Marker and MaxItems of the request ask; `page` gets IsTruncated and Marker.
Outcome<std::vector<std::string>> page_of_names(const Request& request, std::string_view table, json::object& page);

// The ARN of PermissionsBoundary, empty where there is none. Errors: NoSuchEntity for a policy that does not exist.
Outcome<std::string> checked_boundary(const Request& request);

// Whether an entity may go: AWS wants its policies and keys gone first. Errors: DeleteConflict.
Outcome<void> check_removable(const Directory& directory, const Entity& entity);

}  // namespace ads::cloud::iam
