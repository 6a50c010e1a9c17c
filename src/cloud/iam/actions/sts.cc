#include "cloud/access_policy.h"
#include "cloud/iam/actions/actions.h"
#include "cloud/iam/errors.h"
#include "cloud/iam/input.h"
#include "cloud/iam/sessions.h"

namespace ads::cloud::iam {
namespace {

json::object credentials(const AccessKey& session) {
  return {{"AccessKeyId", session.id},
          {"SecretAccessKey", session.secret},
          {"SessionToken", session.session_token},
          {"Expiration", iso8601_seconds(session.expires)}};
}

// "arn:aws:iam::000000000000:role/path/Name" of this account -> "Name".
std::optional<std::string> role_name(const Directory& directory, std::string_view arn) {
  const auto prefix = fmt::format("arn:aws:iam::{}:role/", directory.account());
  if (!arn.starts_with(prefix)) return std::nullopt;
  return std::string(arn.substr(arn.rfind('/') + 1));
}

}  // namespace

Outcome<std::string> get_caller_identity(const Request& r) {
  return members({{"UserId", r.call.caller.user_id}, {"Account", r.call.account}, {"Arn", r.call.caller.arn}});
}

Outcome<std::string> assume_role(const Request& r) {
  auto arn = required(r.input, "RoleArn");
  if (!arn) return refuse(arn.error());
  auto session_name = required_name(r.input, "RoleSessionName", 64);
  if (!session_name) return refuse(session_name.error());
  if (session_name->size() < 2) {
    return refuse(
        validation(fmt::format("1 validation error detected: Value '{}' at 'roleSessionName' failed to "
                               "satisfy constraint: Member must have length greater than or equal to 2",
                               *session_name)));
  }
  auto seconds = optional_integer(r.input, "DurationSeconds", 3600, 900, 43200);
  if (!seconds) return refuse(seconds.error());
  for (const auto member :
       {"PolicyArns", "Tags", "TransitiveTagKeys", "SerialNumber", "TokenCode", "ProvidedContexts"}) {
    if (r.input.contains(member)) return refuse(not_implemented(fmt::format("AssumeRole with {}", member)));
  }
  auto session_policy = optional_text(r.input, "Policy");
  if (!session_policy.empty()) {
    if (auto policy = access::parse_policy(session_policy, access::PolicyKind::identity); !policy)
      return refuse(policy.error());
  }
  const auto name = role_name(r.directory, *arn);
  const auto role = name ? r.directory.find(EntityKind::role, *name) : std::nullopt;
  if (!role || r.directory.arn(*role) != *arn) {
    // AWS does not tell a missing role from one that refuses.
    return refuse(access_denied(
        fmt::format("User: {} is not authorized to perform: sts:AssumeRole on resource: {}", r.call.caller.arn, *arn)));
  }
  auto need = need_to_assume(r.directory, *role);
  if (!need) return refuse(need.error());
  need->keys.emplace_back("sts:rolesessionname", access::Values{*session_name});
  if (const auto external = optional_text(r.input, "ExternalId"); !external.empty()) {
    need->keys.emplace_back("sts:externalid", access::Values{external});
  }
  if (auto allowed = access::authorize(r.call, *need); !allowed) return refuse(allowed.error());
  if (*seconds > role->max_session_seconds) {
    return refuse(validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role."));
  }
  Batch batch;
  const auto session = begin_session(r.directory, batch, *role, *session_name, std::move(session_policy), r.call.now,
                                     std::chrono::seconds(*seconds));
  return write(r, std::move(batch),
               members({{"Credentials", credentials(session)},
                        {"AssumedRoleUser", json::object{{"AssumedRoleId", session.user_id}, {"Arn", session.arn}}}}));
}

Outcome<std::string> get_session_token(const Request& r) {
  auto seconds = optional_integer(r.input, "DurationSeconds", 43200, 900, 129600);
  if (!seconds) return refuse(seconds.error());
  if (r.input.contains("SerialNumber") || r.input.contains("TokenCode")) {
    return refuse(not_implemented("GetSessionToken with SerialNumber or TokenCode"));
  }
  if (r.call.caller.arn.find(":assumed-role/") != std::string::npos) {
    return refuse(access_denied("Cannot call GetSessionToken with session credentials"));
  }
  Batch batch;
  const auto session = begin_own_session(r.directory, batch, r.call.caller, r.call.now, std::chrono::seconds(*seconds));
  return write(r, std::move(batch), members({{"Credentials", credentials(session)}}));
}

Outcome<std::string> get_access_key_info(const Request& r) {
  auto id = required(r.input, "AccessKeyId");
  if (!id) return refuse(id.error());
  if (!r.directory.find_key(*id)) return refuse(validation(fmt::format("Invalid AccessKeyId: {}", *id)));
  return members({{"Account", r.directory.account()}});
}

}  // namespace ads::cloud::iam
