#include "cloud/iam/managed_policies.h"

#include "base/encoding.h"
#include "cloud/access_policy.h"
#include "cloud/iam/actions/actions.h"
#include "cloud/iam/errors.h"
#include "cloud/iam/input.h"
#include "cloud/iam/keys.h"

namespace ads::cloud::iam {
namespace {

constexpr std::size_t kLongestManagedPolicy = 6144, kMostVersions = 5;

json::object describe(const Directory& directory, const ManagedPolicy& policy) {
  json::object out{{"PolicyName", policy.name},
                   {"PolicyId", policy.id},
                   {"Arn", policy.arn},
                   {"Path", policy.path},
                   {"DefaultVersionId", policy.default_version},
                   {"AttachmentCount", directory.attachment_count(policy.arn)},
                   {"PermissionsBoundaryUsageCount", 0},
                   {"IsAttachable", true},
                   {"CreateDate", iso8601_seconds(policy.created)},
                   {"UpdateDate", iso8601_seconds(policy.updated)}};
  if (!policy.description.empty()) out["Description"] = policy.description;
  if (!policy.tags.empty()) out["Tags"] = write_tags(policy.tags);
  return out;
}

json::object describe_version(const ManagedPolicy& policy, const PolicyVersion& version) {
  return {{"VersionId", version.id},
          {"IsDefaultVersion", version.id == policy.default_version},
          {"CreateDate", iso8601_seconds(version.created)}};
}

Outcome<std::string> read_document(const json::object& input) {
  auto document = required(input, "PolicyDocument");
  if (!document) return document;
  const auto size = std::ranges::count_if(*document, [](unsigned char c) { return c > ' '; });
  if (static_cast<std::size_t>(size) > kLongestManagedPolicy) {
    return refuse(limit_exceeded(fmt::format("Cannot exceed quota for PolicySize: {}", kLongestManagedPolicy)));
  }
  if (auto policy = access::parse_policy(*document, access::PolicyKind::identity); !policy)
    return refuse(policy.error());
  return document;
}

Outcome<ManagedPolicy> named_policy(const Request& r) {
  auto arn = required(r.input, "PolicyArn");
  if (!arn) return refuse(arn.error());
  auto found = r.directory.find_policy(*arn);
  if (!found) return refuse(no_such_entity(fmt::format("Policy {} was not found.", *arn)));
  return *std::move(found);
}

// One of the customer's own: AWS's are not to be changed.
Outcome<ManagedPolicy> own_policy(const Request& r) {
  auto policy = named_policy(r);
  if (policy && policy->arn.starts_with(kAwsPolicyPrefix)) {
    return refuse(access_denied(fmt::format("Policy {} belongs to AWS and cannot be changed.", policy->arn)));
  }
  return policy;
}

Outcome<std::string> save(const Request& r, const ManagedPolicy& policy) {
  Batch batch;
  r.directory.put(batch, policy);
  return write(r, std::move(batch));
}

}  // namespace

Outcome<std::string> create_policy(const Request& r) {
  auto name = required_name(r.input, "PolicyName", 128);
  if (!name) return refuse(name.error());
  auto path = optional_path(r.input);
  if (!path) return refuse(path.error());
  auto document = read_document(r.input);
  if (!document) return refuse(document.error());
  auto tags = read_tags(r.input);
  if (!tags) return refuse(tags.error());
  ManagedPolicy policy{.name = *name, .path = *path, .id = unique_id("ANPA")};
  policy.arn = fmt::format("arn:aws:iam::{}:policy{}{}", r.directory.account(), *path, *name);
  policy.description = optional_text(r.input, "Description");
  policy.created = policy.updated = r.call.now;
  policy.versions.push_back({"v1", *std::move(document), r.call.now});
  policy.tags = *std::move(tags);
  if (r.directory.find_policy(policy.arn)) {
    return refuse(409, "EntityAlreadyExists",
                  fmt::format("A policy called {} already exists. Duplicate names are not allowed.", *name));
  }
  if (auto saved = save(r, policy); !saved) return saved;
  return members({{"Policy", describe(r.directory, policy)}});
}

Outcome<std::string> get_policy(const Request& r) {
  auto policy = named_policy(r);
  if (!policy) return refuse(policy.error());
  return members({{"Policy", describe(r.directory, *policy)}});
}

Outcome<std::string> list_policies(const Request& r) {
  const auto scope = optional_text(r.input, "Scope");
  if (scope == "AWS") return refuse(not_implemented("ListPolicies with Scope AWS"));
  json::object result;
  auto arns = page_of_names(r, "policy", result);
  if (!arns) return refuse(arns.error());
  json::array policies;
  const auto prefix = optional_text(r.input, "PathPrefix");
  for (const auto& arn : *arns) {
    const auto policy = r.directory.find_policy(arn);
    if (!policy || !policy->path.starts_with(prefix)) continue;
    auto described = describe(r.directory, *policy);
    if (get_string(r.input, "OnlyAttached") == "true" && described["AttachmentCount"].to_number<int>() == 0) continue;
    described.erase("Tags");
    described.erase("Description");
    policies.push_back(std::move(described));
  }
  result["Policies"] = std::move(policies);
  return members(result);
}

Outcome<std::string> delete_policy(const Request& r) {
  auto policy = own_policy(r);
  if (!policy) return refuse(policy.error());
  if (r.directory.attachment_count(policy->arn) > 0) {
    return refuse(delete_conflict("Cannot delete a policy attached to entities."));
  }
  if (policy->versions.size() > 1) {
    return refuse(delete_conflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
        "The default version is deleted with the policy."));
  }
  Batch batch;
  r.directory.remove(batch, *policy);
  return write(r, std::move(batch));
}

Outcome<std::string> create_policy_version(const Request& r) {
  auto policy = own_policy(r);
  if (!policy) return refuse(policy.error());
  auto document = read_document(r.input);
  if (!document) return refuse(document.error());
  if (policy->versions.size() >= kMostVersions) {
    return refuse(limit_exceeded(
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing "
        "version."));
  }
  policy->versions.push_back({fmt::format("v{}", policy->next_version++), *std::move(document), r.call.now});
  if (get_string(r.input, "SetAsDefault") == "true") policy->default_version = policy->versions.back().id;
  policy->updated = r.call.now;
  if (auto saved = save(r, *policy); !saved) return saved;
  return members({{"PolicyVersion", describe_version(*policy, policy->versions.back())}});
}

Outcome<std::string> get_policy_version(const Request& r) {
  auto policy = named_policy(r);
  if (!policy) return refuse(policy.error());
  auto id = required(r.input, "VersionId");
  if (!id) return refuse(id.error());
  const auto* version = policy->version(*id);
  if (version == nullptr) {
    return refuse(
        no_such_entity(fmt::format("Policy {} version {} does not exist or is not attachable.", policy->arn, *id)));
  }
  auto described = describe_version(*policy, *version);
  described["Document"] = percent_encode(version->document);
  return members({{"PolicyVersion", std::move(described)}});
}

Outcome<std::string> list_policy_versions(const Request& r) {
  auto policy = named_policy(r);
  if (!policy) return refuse(policy.error());
  json::array versions;
  for (auto at = policy->versions.rbegin(); at != policy->versions.rend(); ++at) {
    versions.push_back(describe_version(*policy, *at));
  }
  return members({{"Versions", std::move(versions)}, {"IsTruncated", false}});
}

Outcome<std::string> delete_policy_version(const Request& r) {
  auto policy = own_policy(r);
  if (!policy) return refuse(policy.error());
  auto id = required(r.input, "VersionId");
  if (!id) return refuse(id.error());
  if (*id == policy->default_version) {
    return refuse(delete_conflict("Cannot delete the default version of a policy."));
  }
  if (std::erase_if(policy->versions, [&](const PolicyVersion& v) { return v.id == *id; }) == 0) {
    return refuse(
        no_such_entity(fmt::format("Policy {} version {} does not exist or is not attachable.", policy->arn, *id)));
  }
  return save(r, *policy);
}

Outcome<std::string> set_default_policy_version(const Request& r) {
  auto policy = own_policy(r);
  if (!policy) return refuse(policy.error());
  auto id = required(r.input, "VersionId");
  if (!id) return refuse(id.error());
  if (policy->version(*id) == nullptr) {
    return refuse(
        no_such_entity(fmt::format("Policy {} version {} does not exist or is not attachable.", policy->arn, *id)));
  }
  policy->default_version = *id;
  policy->updated = r.call.now;
  return save(r, *policy);
}

Outcome<std::string> list_entities_for_policy(const Request& r) {
  auto policy = named_policy(r);
  if (!policy) return refuse(policy.error());
  json::object result{{"PolicyGroups", json::array{}}, {"IsTruncated", false}};
  for (const auto kind : {EntityKind::role, EntityKind::user}) {
    json::array found;
    const auto prefix = key({"attached", policy->arn, to_string(kind)});
    for (auto cursor = r.directory.store().scan_prefix(prefix); cursor.valid(); cursor.next()) {
      auto rest = cursor.key().substr(prefix.size());
      const auto name = take_text(rest);
      const auto entity = name ? r.directory.find(kind, *name) : std::nullopt;
      if (!entity) continue;
      found.push_back(json::object{{fmt::format("{}Name", title(kind)), entity->name},
                                   {fmt::format("{}Id", title(kind)), entity->id}});
    }
    result[fmt::format("Policy{}s", title(kind))] = std::move(found);
  }
  return members(result);
}

}  // namespace ads::cloud::iam
