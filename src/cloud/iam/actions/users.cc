#include "base/encoding.h"
#include "base/ids.h"
#include "cloud/iam/actions/actions.h"
#include "cloud/iam/errors.h"
#include "cloud/iam/input.h"

namespace ads::cloud::iam {
namespace {

json::object describe(const Directory& directory, const Entity& user) {
  json::object out{{"Path", user.path},
                   {"UserName", user.name},
                   {"UserId", user.id},
                   {"Arn", directory.arn(user)},
                   {"CreateDate", iso8601_seconds(user.created)}};
  if (!user.tags.empty()) out["Tags"] = write_tags(user.tags);
  if (!user.boundary.empty()) {
    out["PermissionsBoundary"] =
        json::object{{"PermissionsBoundaryType", "Policy"}, {"PermissionsBoundaryArn", user.boundary}};
  }
  return out;
}

// The user that the request names, or else the one who asks.
std::string user_name(const Request& r) {
  auto name = optional_text(r.input, "UserName");
  if (name.empty() && r.call.caller.arn.find(":user/") != std::string::npos) {
    name = r.call.caller.arn.substr(r.call.caller.arn.rfind('/') + 1);
  }
  return name;
}

Outcome<AccessKey> key_of(const Request& r, const std::string& user) {
  auto id = required(r.input, "AccessKeyId");
  if (!id) return refuse(id.error());
  auto found = r.directory.find_key(*id);
  if (!found || found->holder != AccessKey::Holder::user || found->user != user) {
    return refuse(no_such_entity(fmt::format("The Access Key with id {} cannot be found.", *id)));
  }
  return *std::move(found);
}

}  // namespace

Outcome<std::string> create_user(const Request& r) {
  auto name = required_name(r.input, "UserName", 64);
  if (!name) return refuse(name.error());
  auto path = optional_path(r.input);
  if (!path) return refuse(path.error());
  auto tags = read_tags(r.input);
  if (!tags) return refuse(tags.error());
  auto boundary = checked_boundary(r);
  if (!boundary) return refuse(boundary.error());
  if (r.directory.find(EntityKind::user, *name)) return refuse(entity_exists("User", *name));
  Entity user{.kind = EntityKind::user, .name = *name, .path = *path, .id = unique_id("AIDA"), .created = r.call.now};
  user.tags = *std::move(tags);
  user.boundary = *std::move(boundary);
  Batch batch;
  r.directory.put(batch, user);
  if (auto written = write(r, std::move(batch)); !written) return written;
  return members({{"User", describe(r.directory, user)}});
}

Outcome<std::string> get_user(const Request& r) {
  const auto name = user_name(r);
  if (name.empty()) {  // the root asks about itself
    return members({{"User", json::object{{"UserId", r.directory.account()},
                                          {"Arn", r.call.caller.arn},
                                          {"CreateDate", iso8601_seconds(SystemTime{})}}}});
  }
  auto user = r.directory.entity(EntityKind::user, name);
  if (!user) return refuse(user.error());
  return members({{"User", describe(r.directory, *user)}});
}

Outcome<std::string> list_users(const Request& r) {
  const auto prefix = optional_text(r.input, "PathPrefix");
  json::object result;
  auto names = page_of_names(r, "user", result);
  if (!names) return refuse(names.error());
  json::array users;
  for (const auto& name : *names) {
    const auto user = r.directory.find(EntityKind::user, name);
    if (user && user->path.starts_with(prefix)) users.push_back(describe(r.directory, *user));
  }
  result["Users"] = std::move(users);
  return members(result);
}

Outcome<std::string> delete_user(const Request& r) {
  auto name = required(r.input, "UserName");
  if (!name) return refuse(name.error());
  auto user = r.directory.entity(EntityKind::user, *name);
  if (!user) return refuse(user.error());
  if (auto checked = check_removable(r.directory, *user); !checked) return refuse(checked.error());
  Batch batch;
  r.directory.remove(batch, *user);
  return write(r, std::move(batch));
}

Outcome<std::string> create_access_key(const Request& r) {
  auto user = r.directory.entity(EntityKind::user, user_name(r));
  if (!user) return refuse(user.error());
  if (r.directory.keys_of(user->name).size() >= 2) {
    return refuse(limit_exceeded("Cannot exceed quota for AccessKeysPerUser: 2"));
  }
  AccessKey made{.id = "AKIA" + random_base36(16), .secret = to_base64(random_bytes(30))};
  made.holder = AccessKey::Holder::user;
  made.user = user->name;
  made.created = r.call.now;
  Batch batch;
  r.directory.put(batch, made);
  if (auto written = write(r, std::move(batch)); !written) return written;
  return members({{"AccessKey", json::object{{"UserName", made.user},
                                             {"AccessKeyId", made.id},
                                             {"Status", made.status},
                                             {"SecretAccessKey", made.secret},
                                             {"CreateDate", iso8601_seconds(made.created)}}}});
}

Outcome<std::string> list_access_keys(const Request& r) {
  auto user = r.directory.entity(EntityKind::user, user_name(r));
  if (!user) return refuse(user.error());
  json::array keys;
  for (const auto& found : r.directory.keys_of(user->name)) {
    keys.push_back(json::object{{"UserName", found.user},
                                {"AccessKeyId", found.id},
                                {"Status", found.status},
                                {"CreateDate", iso8601_seconds(found.created)}});
  }
  return members({{"AccessKeyMetadata", std::move(keys)}, {"IsTruncated", false}});
}

Outcome<std::string> update_access_key(const Request& r) {
  auto found = key_of(r, user_name(r));
  if (!found) return refuse(found.error());
  auto status = required(r.input, "Status");
  if (!status) return refuse(status.error());
  if (*status != "Active" && *status != "Inactive") {
    return refuse(
        validation(fmt::format("1 validation error detected: Value '{}' at 'status' failed to satisfy "
                               "constraint: Member must satisfy enum value set: [Active, Inactive]",
                               *status)));
  }
  found->status = *std::move(status);
  Batch batch;
  r.directory.put(batch, *found);
  return write(r, std::move(batch));
}

Outcome<std::string> delete_access_key(const Request& r) {
  auto found = key_of(r, user_name(r));
  if (!found) return refuse(found.error());
  Batch batch;
  r.directory.remove(batch, *found);
  return write(r, std::move(batch));
}

}  // namespace ads::cloud::iam
