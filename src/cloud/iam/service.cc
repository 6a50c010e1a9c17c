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
  Resource resource;
  Action action;
};

constexpr auto kRole = EntityKind::role, kUser = EntityKind::user;
constexpr Entry kActions[] = {
    {"CreateRole", Effect::writes, {On::new_role, "RoleName"}, create_role},
    {"GetRole", Effect::reads, {On::role, "RoleName"}, get_role},
    {"ListRoles", Effect::reads, On::every_role, list_roles},
    {"UpdateRole", Effect::writes, {On::role, "RoleName"}, update_role},
    {"DeleteRole", Effect::writes, {On::role, "RoleName"}, delete_role},
    {"UpdateAssumeRolePolicy", Effect::writes, {On::role, "RoleName"}, update_assume_role_policy},
    {"PutRolePolicy", Effect::writes, {On::role, "RoleName"}, put_inline_policy<kRole>},
    {"GetRolePolicy", Effect::reads, {On::role, "RoleName"}, get_inline_policy<kRole>},
    {"ListRolePolicies", Effect::reads, {On::role, "RoleName"}, list_inline_policies<kRole>},
    {"DeleteRolePolicy", Effect::writes, {On::role, "RoleName"}, delete_inline_policy<kRole>},
    {"AttachRolePolicy", Effect::writes, {On::role, "RoleName"}, attach_policy<kRole>},
    {"DetachRolePolicy", Effect::writes, {On::role, "RoleName"}, detach_policy<kRole>},
    {"ListAttachedRolePolicies", Effect::reads, {On::role, "RoleName"}, list_attached_policies<kRole>},
    {"TagRole", Effect::writes, {On::role, "RoleName"}, tag_entity<kRole>},
    {"UntagRole", Effect::writes, {On::role, "RoleName"}, untag_entity<kRole>},
    {"ListRoleTags", Effect::reads, {On::role, "RoleName"}, list_entity_tags<kRole>},
    {"PutRolePermissionsBoundary", Effect::writes, {On::role, "RoleName"}, put_boundary<kRole>},
    {"DeleteRolePermissionsBoundary", Effect::writes, {On::role, "RoleName"}, delete_boundary<kRole>},
    {"CreateUser", Effect::writes, {On::new_user, "UserName"}, create_user},
    {"GetUser", Effect::reads, {On::user_or_caller, "UserName"}, get_user},
    {"ListUsers", Effect::reads, On::every_user, list_users},
    {"DeleteUser", Effect::writes, {On::user, "UserName"}, delete_user},
    {"PutUserPolicy", Effect::writes, {On::user, "UserName"}, put_inline_policy<kUser>},
    {"GetUserPolicy", Effect::reads, {On::user, "UserName"}, get_inline_policy<kUser>},
    {"ListUserPolicies", Effect::reads, {On::user, "UserName"}, list_inline_policies<kUser>},
    {"DeleteUserPolicy", Effect::writes, {On::user, "UserName"}, delete_inline_policy<kUser>},
    {"AttachUserPolicy", Effect::writes, {On::user, "UserName"}, attach_policy<kUser>},
    {"DetachUserPolicy", Effect::writes, {On::user, "UserName"}, detach_policy<kUser>},
    {"ListAttachedUserPolicies", Effect::reads, {On::user, "UserName"}, list_attached_policies<kUser>},
    {"TagUser", Effect::writes, {On::user, "UserName"}, tag_entity<kUser>},
    {"UntagUser", Effect::writes, {On::user, "UserName"}, untag_entity<kUser>},
    {"ListUserTags", Effect::reads, {On::user, "UserName"}, list_entity_tags<kUser>},
    {"PutUserPermissionsBoundary", Effect::writes, {On::user, "UserName"}, put_boundary<kUser>},
    {"DeleteUserPermissionsBoundary", Effect::writes, {On::user, "UserName"}, delete_boundary<kUser>},
    {"CreateAccessKey", Effect::writes, {On::user_or_caller, "UserName"}, create_access_key},
    {"ListAccessKeys", Effect::reads, {On::user_or_caller, "UserName"}, list_access_keys},
    {"UpdateAccessKey", Effect::writes, {On::user_or_caller, "UserName"}, update_access_key},
    {"DeleteAccessKey", Effect::writes, {On::user_or_caller, "UserName"}, delete_access_key},
    {"CreatePolicy", Effect::writes, {On::new_policy, "PolicyName"}, create_policy},
    {"GetPolicy", Effect::reads, {On::policy, "PolicyArn"}, get_policy},
    {"ListPolicies", Effect::reads, On::every_policy, list_policies},
    {"DeletePolicy", Effect::writes, {On::policy, "PolicyArn"}, delete_policy},
    {"CreatePolicyVersion", Effect::writes, {On::policy, "PolicyArn"}, create_policy_version},
    {"GetPolicyVersion", Effect::reads, {On::policy, "PolicyArn"}, get_policy_version},
    {"ListPolicyVersions", Effect::reads, {On::policy, "PolicyArn"}, list_policy_versions},
    {"DeletePolicyVersion", Effect::writes, {On::policy, "PolicyArn"}, delete_policy_version},
    {"SetDefaultPolicyVersion", Effect::writes, {On::policy, "PolicyArn"}, set_default_policy_version},
    {"ListEntitiesForPolicy", Effect::reads, {On::policy, "PolicyArn"}, list_entities_for_policy},
    {"GetCallerIdentity", Effect::reads, On::nothing, get_caller_identity},
    {"AssumeRole", Effect::writes, On::nothing, assume_role},
    {"GetSessionToken", Effect::writes, On::nothing, get_session_token},
    {"GetAccessKeyInfo", Effect::reads, On::access_key, get_access_key_info},
};

QueryOperation make_operation(Directory& directory, const Entry& entry) {
  return [&directory, &entry](Call& call, json::object input) -> Task<Outcome<std::string>> {
    const Request request{directory, call, input};
    if (auto allowed = authorize(request, entry.name, entry.resource); !allowed) co_return refuse(allowed.error());
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
  Batch sealed;
  directory_.seal_keys(sealed);
  if (auto applied = environment_.store.apply(std::move(sealed)); !applied) return fail(applied.error());
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
