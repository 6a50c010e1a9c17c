#include "cloud/iam/service.h"

#include "base/encoding.h"
#include "base/ids.h"
#include "cloud/iam/access.h"
#include "cloud/iam/actions/actions.h"
#include "cloud/iam/errors.h"
#include "cloud/iam/keys.h"
#include "cloud/iam/sessions.h"

namespace ads::cloud::iam {
namespace {

constexpr QueryProtocol kIam{.xml_namespace = "https://iam.amazonaws.com/doc/2010-05-08/"};
constexpr QueryProtocol kSts{.xml_namespace = "https://sts.amazonaws.com/doc/2011-06-15/"};

enum class Effect { reads, writes };
struct Entry {
  std::string_view name;
  Effect effect;
  Action action;
};

constexpr auto kRole = EntityKind::role, kUser = EntityKind::user;
constexpr Entry kActions[] = {
    {"CreateRole", Effect::writes, create_role},
    {"GetRole", Effect::reads, get_role},
    {"ListRoles", Effect::reads, list_roles},
    {"UpdateRole", Effect::writes, update_role},
    {"DeleteRole", Effect::writes, delete_role},
    {"UpdateAssumeRolePolicy", Effect::writes, update_assume_role_policy},
    {"PutRolePolicy", Effect::writes, put_inline_policy<kRole>},
    {"GetRolePolicy", Effect::reads, get_inline_policy<kRole>},
    {"ListRolePolicies", Effect::reads, list_inline_policies<kRole>},
    {"DeleteRolePolicy", Effect::writes, delete_inline_policy<kRole>},
    {"AttachRolePolicy", Effect::writes, attach_policy<kRole>},
    {"DetachRolePolicy", Effect::writes, detach_policy<kRole>},
    {"ListAttachedRolePolicies", Effect::reads, list_attached_policies<kRole>},
    {"TagRole", Effect::writes, tag_entity<kRole>},
    {"UntagRole", Effect::writes, untag_entity<kRole>},
    {"ListRoleTags", Effect::reads, list_entity_tags<kRole>},
    {"PutRolePermissionsBoundary", Effect::writes, put_boundary<kRole>},
    {"DeleteRolePermissionsBoundary", Effect::writes, delete_boundary<kRole>},
    {"CreateUser", Effect::writes, create_user},
    {"GetUser", Effect::reads, get_user},
    {"ListUsers", Effect::reads, list_users},
    {"DeleteUser", Effect::writes, delete_user},
    {"PutUserPolicy", Effect::writes, put_inline_policy<kUser>},
    {"GetUserPolicy", Effect::reads, get_inline_policy<kUser>},
    {"ListUserPolicies", Effect::reads, list_inline_policies<kUser>},
    {"DeleteUserPolicy", Effect::writes, delete_inline_policy<kUser>},
    {"AttachUserPolicy", Effect::writes, attach_policy<kUser>},
    {"DetachUserPolicy", Effect::writes, detach_policy<kUser>},
    {"ListAttachedUserPolicies", Effect::reads, list_attached_policies<kUser>},
    {"TagUser", Effect::writes, tag_entity<kUser>},
    {"UntagUser", Effect::writes, untag_entity<kUser>},
    {"ListUserTags", Effect::reads, list_entity_tags<kUser>},
    {"PutUserPermissionsBoundary", Effect::writes, put_boundary<kUser>},
    {"DeleteUserPermissionsBoundary", Effect::writes, delete_boundary<kUser>},
    {"CreateAccessKey", Effect::writes, create_access_key},
    {"ListAccessKeys", Effect::reads, list_access_keys},
    {"UpdateAccessKey", Effect::writes, update_access_key},
    {"DeleteAccessKey", Effect::writes, delete_access_key},
    {"CreatePolicy", Effect::writes, create_policy},
    {"GetPolicy", Effect::reads, get_policy},
    {"ListPolicies", Effect::reads, list_policies},
    {"DeletePolicy", Effect::writes, delete_policy},
    {"CreatePolicyVersion", Effect::writes, create_policy_version},
    {"GetPolicyVersion", Effect::reads, get_policy_version},
    {"ListPolicyVersions", Effect::reads, list_policy_versions},
    {"DeletePolicyVersion", Effect::writes, delete_policy_version},
    {"SetDefaultPolicyVersion", Effect::writes, set_default_policy_version},
    {"ListEntitiesForPolicy", Effect::reads, list_entities_for_policy},
    {"GetCallerIdentity", Effect::reads, get_caller_identity},
    {"AssumeRole", Effect::writes, assume_role},
    {"GetSessionToken", Effect::writes, get_session_token},
    {"GetAccessKeyInfo", Effect::reads, get_access_key_info},
};

QueryOperation make_operation(Directory& directory, const Entry& entry) {
  return [&directory, entry](Call& call, json::object input) -> Task<Outcome<std::string>> {
    const Request request{directory, call, input};
    if (auto allowed = authorize(request, entry.name); !allowed) co_return refuse(allowed.error());
    auto result = entry.action(request);
    if (result && entry.effect == Effect::writes) {
      if (auto flushed = co_await directory.store().durable(); !flushed) {
        co_return refuse(internal_failure(flushed.error()));
      }
    }
    co_return result;
  };
}

}  // namespace

Iam::Iam(Environment& environment)
    : environment_(environment), directory_(environment.store, environment.account), principals_(directory_) {
  for (const auto& entry : kActions) operations_.emplace(entry.name, make_operation(directory_, entry));
}

Iam::~Iam() = default;

Task<http::Reply> Iam::answer(Call& call) {
  // Both services share one table; a client tells them apart by the XML namespace alone.
  const bool sts =
      call.request.head.headers.get_or("authorization", "").find("/sts/aws4_request") != std::string_view::npos;
  co_return co_await answer_query(call, sts ? kSts : kIam, operations_);
}

Outcome<IdentityPort::Identity> Iam::find_key(const std::string& access_key_id) {
  const auto found = directory_.find_key(access_key_id);
  if (!found || found->status != "Active") return refuse(invalid_client_token());
  Identity identity{.secret_access_key = found->secret, .session_token = found->session_token};
  identity.principal = principals_.of_key(*found);
  if (!identity.principal) return refuse(invalid_client_token());
  switch (found->holder) {
    case AccessKey::Holder::root:
      identity.arn = fmt::format("arn:aws:iam::{}:root", directory_.account());
      identity.user_id = directory_.account();
      break;
    case AccessKey::Holder::user:
      identity.arn = identity.principal->arn;
      identity.user_id = identity.principal->user_id;
      break;
    case AccessKey::Holder::session:
      identity.arn = found->arn;
      identity.user_id = found->user_id;
      identity.expires = found->expires;
      break;
  }
  return identity;
}

Task<Outcome<SessionCredentials>> Iam::assume(std::string role_arn, std::string session_name, Source source,
                                              std::chrono::seconds lifetime) {
  const auto role = directory_.find(EntityKind::role, role_arn.substr(role_arn.rfind('/') + 1));
  if (!role || directory_.arn(*role) != role_arn) {
    co_return refuse(no_such_entity(fmt::format("The role with ARN {} cannot be found.", role_arn)));
  }
  auto need = need_to_assume(directory_, *role);
  if (!need) co_return refuse(need.error());
  if (auto allowed = access::authorize(environment_, source, *need); !allowed) co_return refuse(allowed.error());
  Batch batch;
  const auto session = begin_session(directory_, batch, *role, session_name, {}, environment_.clock.now(), lifetime);
  if (auto written = co_await environment_.store.commit(std::move(batch)); !written) {
    co_return refuse(internal_failure(written.error()));
  }
  co_return SessionCredentials{session.id, session.secret, session.session_token, session.expires};
}

Outcome<PrincipalPointer> Iam::role(const std::string& role_arn, const std::string& session_name) {
  return principals_.of_role(role_arn, session_name);
}

Result<Iam::RootKey> Iam::root_key() {
  if (const auto id = environment_.store.get(key({"root"}))) {
    if (const auto found = directory_.find_key(*id)) return RootKey{found->id, found->secret};
  }
  AccessKey root{.id = "AKIA" + random_base36(16), .secret = to_base64(random_bytes(30))};
  root.created = environment_.clock.now();
  Batch batch;
  directory_.put(batch, root);
  batch.put(key({"root"}), root.id);
  if (auto applied = environment_.store.apply(std::move(batch)); !applied) return fail(applied.error());
  return RootKey{root.id, root.secret};
}

}  // namespace ads::cloud::iam
