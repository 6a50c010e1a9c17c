#include "cloud/iam/principals.h"

#include "base/log.h"
#include "cloud/iam/errors.h"

namespace ads::cloud::iam {
namespace {

using access::NamedPolicy;
using access::PolicyPointer;
using access::Principal;

constexpr std::size_t kMostPrincipals = 10'000;

// What cannot be read allows nothing: uploads are checked, so this is a damaged store.
PolicyPointer compile(std::string name, const std::string& document) {
  auto out = std::make_shared<NamedPolicy>(NamedPolicy{std::move(name), {}});
  if (auto policy = access::parse_policy(document, access::PolicyKind::identity)) {
    out->policy = *std::move(policy);
  } else {
    log(LogLevel::error, "a policy cannot be read and allows nothing",
        {{"policy", out->name}, {"error", policy.error().message}});
  }
  return out;
}

// The default version of a managed policy; an empty one where it is gone.
PolicyPointer compile_managed(const Directory& directory, const std::string& arn) {
  const auto policy = directory.find_policy(arn);
  const auto* version = policy ? policy->version(policy->default_version) : nullptr;
  if (version == nullptr) return std::make_shared<NamedPolicy>(NamedPolicy{arn, {}});
  return compile(arn, version->document);
}

void add_policies(Principal& out, const Directory& directory, const Entity& entity) {
  out.entity_arn = directory.arn(entity);
  out.tags = entity.tags;
  for (const auto& [name, document] : entity.inline_policies) {
    out.policies.push_back(
        compile(fmt::format("inline policy {} of {} {}", name, to_string(entity.kind), entity.name), document));
  }
  for (const auto& arn : entity.attached) out.policies.push_back(compile_managed(directory, arn));
  if (!entity.boundary.empty()) out.boundary = compile_managed(directory, entity.boundary);
}

Principal root(const Directory& directory) {
  const auto arn = fmt::format("arn:aws:iam::{}:root", directory.account());
  return {.kind = Principal::Kind::root,
          .arn = arn,
          .entity_arn = arn,
          .account = directory.account(),
          .user_id = directory.account()};
}

PrincipalPointer user(const Directory& directory, std::string_view name) {
  const auto found = directory.find(EntityKind::user, name);
  if (!found) return nullptr;
  auto out = std::make_shared<Principal>();
  out->kind = Principal::Kind::user;
  out->arn = directory.arn(*found);
  out->account = directory.account();
  out->user_id = found->id;
  out->name = found->name;
  add_policies(*out, directory, *found);
  return out;
}

constexpr std::string_view kSessionMark = ":assumed-role/";

// Of "arn:aws:sts::1:assumed-role/R/s".
PrincipalPointer role_session(const Directory& directory, const std::string& arn, std::string user_id,
                              const std::string& session_policy) {
  auto role = std::string_view(arn).substr(arn.find(kSessionMark) + kSessionMark.size());
  role = role.substr(0, role.find('/'));
  auto out = std::make_shared<Principal>();
  out->kind = Principal::Kind::role;
  out->arn = arn;
  out->account = directory.account();
  out->entity_arn = fmt::format("arn:aws:iam::{}:role/{}", directory.account(), role);
  const auto found = directory.find(EntityKind::role, role);
  // A role made anew under the old name is another role: its sessions are not those of the old one.
  const bool is_the_same = found && (user_id.empty() || user_id.starts_with(found->id));
  if (is_the_same) add_policies(*out, directory, *found);
  out->user_id = std::move(user_id);
  if (!session_policy.empty()) out->session = compile("session policy", session_policy);
  return out;
}

}  // namespace

void Principals::forget_if_changed() {
  const bool is_full = by_key_.size() + by_session_.size() >= kMostPrincipals;
  if (seen_ == directory_.generation() && !is_full) return;
  by_key_.clear();
  by_session_.clear();
  seen_ = directory_.generation();
}

PrincipalPointer Principals::of_key(const AccessKey& key) {
  forget_if_changed();
  if (const auto found = by_key_.find(key.id); found != by_key_.end()) return found->second;
  PrincipalPointer made;
  if (key.holder == AccessKey::Holder::user) {
    made = user(directory_, key.user);
  } else if (key.holder == AccessKey::Holder::session && key.arn.find(kSessionMark) != std::string::npos) {
    made = role_session(directory_, key.arn, key.user_id, key.policy);
  } else if (key.holder == AccessKey::Holder::session && key.arn.find(":user/") != std::string::npos) {
    made = user(directory_, std::string_view(key.arn).substr(key.arn.rfind('/') + 1));
  } else {
    made = std::make_shared<Principal>(root(directory_));
  }
  if (made) by_key_.emplace(key.id, made);
  return made;
}

Outcome<PrincipalPointer> Principals::of_role(const std::string& role_arn, const std::string& session_name) {
  forget_if_changed();
  const auto session = role_arn + "/" + session_name;
  if (const auto found = by_session_.find(session); found != by_session_.end()) return found->second;
  const auto role = directory_.find(EntityKind::role, std::string_view(role_arn).substr(role_arn.rfind('/') + 1));
  if (!role || directory_.arn(*role) != role_arn) {
    return refuse(no_such_entity(fmt::format("The role with ARN {} cannot be found.", role_arn)));
  }
  auto made = role_session(
      directory_, fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", directory_.account(), role->name, session_name),
      fmt::format("{}:{}", role->id, session_name), "");
  by_session_.emplace(session, made);
  return made;
}

}  // namespace ads::cloud::iam
