#include "base/encoding.h"
#include "cloud/access_policy.h"
#include "cloud/iam/actions/actions.h"
#include "cloud/iam/errors.h"
#include "cloud/iam/input.h"

namespace ads::cloud::iam {
namespace {

constexpr std::size_t kLongestInlinePolicies = 10240;  // of a role in total; AWS counts without white space
constexpr std::size_t kMostAttached = 20;

std::string name_member(EntityKind kind) {
  return fmt::format("{}Name", title(kind));
}

Outcome<Entity> named_entity(const Request& r, EntityKind kind) {
  auto name = required(r.input, name_member(kind));
  if (!name) return refuse(name.error());
  return r.directory.entity(kind, *name);
}

Outcome<std::string> save(const Request& r, const Entity& entity) {
  Batch batch;
  r.directory.put(batch, entity);
  return write(r, std::move(batch));
}

std::size_t size_without_space(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](unsigned char c) { return c > ' '; }));
}

WireError no_inline_policy(EntityKind kind, std::string_view name) {
  return no_such_entity(fmt::format("The {} policy with name {} cannot be found.", to_string(kind), name));
}

}  // namespace

template <EntityKind kind>
Outcome<std::string> put_inline_policy(const Request& r) {
  auto policy_name = required_name(r.input, "PolicyName", 128);
  if (!policy_name) return refuse(policy_name.error());
  auto document = required(r.input, "PolicyDocument");
  if (!document) return refuse(document.error());
  auto entity = named_entity(r, kind);
  if (!entity) return refuse(entity.error());
  if (auto policy = access::parse_policy(*document, access::PolicyKind::identity); !policy)
    return refuse(policy.error());
  entity->inline_policies[*policy_name] = *std::move(document);
  std::size_t total = 0;
  for (const auto& [_, text] : entity->inline_policies) total += size_without_space(text);
  if (total > kLongestInlinePolicies) {
    return refuse(limit_exceeded(fmt::format("Maximum policy size of {} bytes exceeded for {} {}",
                                             kLongestInlinePolicies, to_string(kind), entity->name)));
  }
  return save(r, *entity);
}

template <EntityKind kind>
Outcome<std::string> get_inline_policy(const Request& r) {
  auto policy_name = required(r.input, "PolicyName");
  if (!policy_name) return refuse(policy_name.error());
  auto entity = named_entity(r, kind);
  if (!entity) return refuse(entity.error());
  const auto found = entity->inline_policies.find(*policy_name);
  if (found == entity->inline_policies.end()) return refuse(no_inline_policy(kind, *policy_name));
  return members({{name_member(kind), entity->name},
                  {"PolicyName", found->first},
                  {"PolicyDocument", percent_encode(found->second)}});
}

template <EntityKind kind>
Outcome<std::string> list_inline_policies(const Request& r) {
  auto entity = named_entity(r, kind);
  if (!entity) return refuse(entity.error());
  json::array names;
  for (const auto& [name, _] : entity->inline_policies) names.emplace_back(name);
  return members({{"PolicyNames", std::move(names)}, {"IsTruncated", false}});
}

template <EntityKind kind>
Outcome<std::string> delete_inline_policy(const Request& r) {
  auto policy_name = required(r.input, "PolicyName");
  if (!policy_name) return refuse(policy_name.error());
  auto entity = named_entity(r, kind);
  if (!entity) return refuse(entity.error());
  if (entity->inline_policies.erase(*policy_name) == 0) return refuse(no_inline_policy(kind, *policy_name));
  return save(r, *entity);
}

template <EntityKind kind>
Outcome<std::string> attach_policy(const Request& r) {
  auto arn = required(r.input, "PolicyArn");
  if (!arn) return refuse(arn.error());
  auto entity = named_entity(r, kind);
  if (!entity) return refuse(entity.error());
  if (auto policy = r.directory.policy(*arn); !policy) return refuse(policy.error());
  if (entity->attached.size() >= kMostAttached) {
    return refuse(limit_exceeded(fmt::format("Cannot exceed quota for PoliciesPer{}: {}", title(kind), kMostAttached)));
  }
  Batch batch;
  r.directory.attach(batch, *entity, *arn);
  return write(r, std::move(batch));
}

template <EntityKind kind>
Outcome<std::string> detach_policy(const Request& r) {
  auto arn = required(r.input, "PolicyArn");
  if (!arn) return refuse(arn.error());
  auto entity = named_entity(r, kind);
  if (!entity) return refuse(entity.error());
  if (std::ranges::find(entity->attached, *arn) == entity->attached.end()) {
    return refuse(no_such_entity(fmt::format("Policy {} was not found.", *arn)));
  }
  Batch batch;
  r.directory.detach(batch, *entity, *arn);
  return write(r, std::move(batch));
}

template <EntityKind kind>
Outcome<std::string> list_attached_policies(const Request& r) {
  auto entity = named_entity(r, kind);
  if (!entity) return refuse(entity.error());
  json::array attached;
  for (const auto& arn : entity->attached) {
    attached.push_back(json::object{{"PolicyName", arn.substr(arn.rfind('/') + 1)}, {"PolicyArn", arn}});
  }
  return members({{"AttachedPolicies", std::move(attached)}, {"IsTruncated", false}});
}

template <EntityKind kind>
Outcome<std::string> tag_entity(const Request& r) {
  auto entity = named_entity(r, kind);
  if (!entity) return refuse(entity.error());
  auto tags = read_tags(r.input);
  if (!tags) return refuse(tags.error());
  for (auto& [name, value] : *tags) entity->tags[name] = value;
  if (entity->tags.size() > 50) return refuse(limit_exceeded("Cannot exceed quota for TagsPerResource: 50"));
  return save(r, *entity);
}

template <EntityKind kind>
Outcome<std::string> untag_entity(const Request& r) {
  auto entity = named_entity(r, kind);
  if (!entity) return refuse(entity.error());
  if (const auto* keys = get_array(r.input, "TagKeys")) {
    for (const auto& name : *keys) entity->tags.erase(std::string(name.is_string() ? name.as_string() : ""));
  }
  return save(r, *entity);
}

template <EntityKind kind>
Outcome<std::string> list_entity_tags(const Request& r) {
  auto entity = named_entity(r, kind);
  if (!entity) return refuse(entity.error());
  return members({{"Tags", write_tags(entity->tags)}, {"IsTruncated", false}});
}

template <EntityKind kind>
Outcome<std::string> put_boundary(const Request& r) {
  auto entity = named_entity(r, kind);
  if (!entity) return refuse(entity.error());
  if (auto given = required(r.input, "PermissionsBoundary"); !given) return given;
  auto boundary = checked_boundary(r);
  if (!boundary) return boundary;
  entity->boundary = *std::move(boundary);
  return save(r, *entity);
}

template <EntityKind kind>
Outcome<std::string> delete_boundary(const Request& r) {
  auto entity = named_entity(r, kind);
  if (!entity) return refuse(entity.error());
  if (entity->boundary.empty()) {
    return refuse(no_such_entity(fmt::format("{} {} has no permissions boundary.", title(kind), entity->name)));
  }
  entity->boundary.clear();
  return save(r, *entity);
}

template Outcome<std::string> put_inline_policy<EntityKind::role>(const Request&);
template Outcome<std::string> put_inline_policy<EntityKind::user>(const Request&);
template Outcome<std::string> get_inline_policy<EntityKind::role>(const Request&);
template Outcome<std::string> get_inline_policy<EntityKind::user>(const Request&);
template Outcome<std::string> list_inline_policies<EntityKind::role>(const Request&);
template Outcome<std::string> list_inline_policies<EntityKind::user>(const Request&);
template Outcome<std::string> delete_inline_policy<EntityKind::role>(const Request&);
template Outcome<std::string> delete_inline_policy<EntityKind::user>(const Request&);
template Outcome<std::string> attach_policy<EntityKind::role>(const Request&);
template Outcome<std::string> attach_policy<EntityKind::user>(const Request&);
template Outcome<std::string> detach_policy<EntityKind::role>(const Request&);
template Outcome<std::string> detach_policy<EntityKind::user>(const Request&);
template Outcome<std::string> list_attached_policies<EntityKind::role>(const Request&);
template Outcome<std::string> list_attached_policies<EntityKind::user>(const Request&);
template Outcome<std::string> tag_entity<EntityKind::role>(const Request&);
template Outcome<std::string> tag_entity<EntityKind::user>(const Request&);
template Outcome<std::string> untag_entity<EntityKind::role>(const Request&);
template Outcome<std::string> untag_entity<EntityKind::user>(const Request&);
template Outcome<std::string> list_entity_tags<EntityKind::role>(const Request&);
template Outcome<std::string> list_entity_tags<EntityKind::user>(const Request&);
template Outcome<std::string> put_boundary<EntityKind::role>(const Request&);
template Outcome<std::string> put_boundary<EntityKind::user>(const Request&);
template Outcome<std::string> delete_boundary<EntityKind::role>(const Request&);
template Outcome<std::string> delete_boundary<EntityKind::user>(const Request&);

}  // namespace ads::cloud::iam
