#include "cloud/iam/sessions.h"

#include "base/encoding.h"
#include "base/ids.h"
#include "cloud/iam/errors.h"

namespace ads::cloud::iam {
namespace {

// A key that has ended is kept a day longer, so that its holder hears ExpiredToken and not InvalidClientTokenId.
constexpr std::chrono::hours kRemembered{24};
constexpr int kForgottenAtOnce = 16;

AccessKey new_session(const Directory& directory, Batch& batch, SystemTime now, std::chrono::seconds lifetime) {
  directory.forget_sessions(batch, now - kRemembered, kForgottenAtOnce);
  AccessKey session{.id = "ASIA" + random_base36(16), .secret = to_base64(random_bytes(30))};
  session.holder = AccessKey::Holder::session;
  session.created = now;
  session.session_token = to_base64(random_bytes(180));
  session.expires = now + lifetime;
  return session;
}

}  // namespace

std::vector<Policy> policies_of(const Directory& directory, std::string_view arn) {
  std::optional<Entity> entity;
  if (const auto at = arn.find(":assumed-role/"); at != std::string_view::npos) {
    const auto rest = arn.substr(at + 14);
    entity = directory.find(EntityKind::role, rest.substr(0, rest.find('/')));
  } else if (arn.find(":user/") != std::string_view::npos) {
    entity = directory.find(EntityKind::user, arn.substr(arn.rfind('/') + 1));
  }
  std::vector<Policy> out;
  if (!entity) return out;
  const auto add = [&out](const std::string& document) {
    if (auto policy = parse_policy(document, PolicyKind::identity)) out.push_back(*std::move(policy));
  };
  for (const auto& [_, document] : entity->inline_policies) add(document);
  for (const auto& policy_arn : entity->attached) {
    const auto policy = directory.find_policy(policy_arn);
    const auto* version = policy ? policy->version(policy->default_version) : nullptr;
    if (version != nullptr) add(version->document);
  }
  return out;
}

Outcome<void> may_assume(const Directory& directory, const Entity& role, AccessRequest request) {
  request.action = "sts:AssumeRole";
  request.resource = directory.arn(role);
  const auto trust = parse_policy(role.trust_policy, PolicyKind::trust);
  if (!trust) return refuse(trust.error());
  const auto verdict = evaluate(*trust, request);
  bool allowed = verdict == Verdict::allowed;
  if (verdict == Verdict::allowed_by_account) {
    // The root of the local cloud may become any role that trusts its account; AWS refuses roots altogether.
    const bool root = request.principal_arn.ends_with(":root");
    allowed = root || evaluate(policies_of(directory, request.principal_arn), request) == Verdict::allowed;
  }
  if (!allowed) {
    const auto& who = request.principal_arn.empty() ? request.principal_service : request.principal_arn;
    return refuse(access_denied(
        fmt::format("User: {} is not authorized to perform: sts:AssumeRole on resource: {}", who, request.resource)));
  }
  return {};
}

AccessKey begin_session(const Directory& directory, Batch& batch, const Entity& role, std::string_view session_name,
                        std::string session_policy, SystemTime now, std::chrono::seconds lifetime) {
  auto session = new_session(directory, batch, now, lifetime);
  session.arn = fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", directory.account(), role.name, session_name);
  session.user_id = fmt::format("{}:{}", role.id, session_name);
  session.policy = std::move(session_policy);
  directory.put(batch, session);
  return session;
}

AccessKey begin_own_session(const Directory& directory, Batch& batch, const Caller& caller, SystemTime now,
                            std::chrono::seconds lifetime) {
  auto session = new_session(directory, batch, now, lifetime);
  session.arn = caller.arn;
  session.user_id = caller.user_id;
  directory.put(batch, session);
  return session;
}

}  // namespace ads::cloud::iam
