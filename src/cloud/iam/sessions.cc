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

Outcome<access::Need> need_to_assume(const Directory& directory, const Entity& role) {
  auto trust = access::parse_policy(role.trust_policy, access::PolicyKind::trust);
  if (!trust) return refuse(trust.error());
  access::Need need{"sts:AssumeRole", directory.arn(role)};
  need.resource_policy = std::make_shared<access::NamedPolicy>(
      access::NamedPolicy{fmt::format("trust policy of role {}", role.name), *std::move(trust)});
  need.rule = access::ResourcePolicy::required;
  return need;
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
