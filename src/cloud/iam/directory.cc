#include "cloud/iam/directory.h"

#include "base/ids.h"
#include "cloud/iam/errors.h"
#include "cloud/iam/keys.h"
#include "cloud/iam/managed_policies.h"

namespace ads::cloud::iam {
namespace {

std::int64_t to_millis(SystemTime time) {
  return time.time_since_epoch().count();
}
SystemTime from_millis(std::int64_t millis) {
  return SystemTime(std::chrono::milliseconds(millis));
}

json::object to_json(const std::map<std::string, std::string>& map) {
  json::object out;
  for (const auto& [name, value] : map) out[name] = value;
  return out;
}

std::string text(const json::object& object, std::string_view name) {
  return std::string(get_string(object, name).value_or(""));
}

std::map<std::string, std::string> text_map(const json::object& object, std::string_view name) {
  std::map<std::string, std::string> out;
  if (const auto* map = get_object(object, name)) {
    for (const auto& [key, value] : *map) out.emplace(key, value.as_string());
  }
  return out;
}

std::string write(const Entity& e) {
  json::array attached(e.attached.begin(), e.attached.end());
  return json::serialize(json::object{{"name", e.name},
                                      {"path", e.path},
                                      {"id", e.id},
                                      {"created", to_millis(e.created)},
                                      {"trust", e.trust_policy},
                                      {"description", e.description},
                                      {"maxSession", e.max_session_seconds},
                                      {"boundary", e.boundary},
                                      {"tags", to_json(e.tags)},
                                      {"inline", to_json(e.inline_policies)},
                                      {"attached", std::move(attached)},
                                      {"token", e.client_token}});
}

Entity read_entity(EntityKind kind, const json::object& o) {
  Entity e{.kind = kind, .name = text(o, "name"), .path = text(o, "path"), .id = text(o, "id")};
  e.created = from_millis(get_integer(o, "created").value_or(0));
  e.trust_policy = text(o, "trust");
  e.description = text(o, "description");
  e.max_session_seconds = static_cast<int>(get_integer(o, "maxSession").value_or(3600));
  e.boundary = text(o, "boundary");
  e.tags = text_map(o, "tags");
  e.inline_policies = text_map(o, "inline");
  if (const auto* attached = get_array(o, "attached")) {
    for (const auto& arn : *attached) e.attached.emplace_back(arn.as_string());
  }
  e.client_token = text(o, "token");
  return e;
}

std::string write(const ManagedPolicy& p) {
  json::array versions;
  for (const auto& v : p.versions) {
    versions.push_back(json::object{{"id", v.id}, {"document", v.document}, {"created", to_millis(v.created)}});
  }
  return json::serialize(json::object{{"name", p.name},
                                      {"path", p.path},
                                      {"id", p.id},
                                      {"description", p.description},
                                      {"default", p.default_version},
                                      {"created", to_millis(p.created)},
                                      {"updated", to_millis(p.updated)},
                                      {"next", p.next_version},
                                      {"versions", std::move(versions)},
                                      {"tags", to_json(p.tags)},
                                      {"token", p.client_token}});
}

ManagedPolicy read_policy(std::string_view arn, const json::object& o) {
  ManagedPolicy p{.name = text(o, "name"), .path = text(o, "path"), .id = text(o, "id"), .arn = std::string(arn)};
  p.description = text(o, "description");
  p.default_version = text(o, "default");
  p.created = from_millis(get_integer(o, "created").value_or(0));
  p.updated = from_millis(get_integer(o, "updated").value_or(0));
  p.next_version = static_cast<int>(get_integer(o, "next").value_or(2));
  if (const auto* versions = get_array(o, "versions")) {
    for (const auto& entry : *versions) {
      const auto& v = entry.as_object();
      p.versions.push_back({text(v, "id"), text(v, "document"), from_millis(get_integer(v, "created").value_or(0))});
    }
  }
  p.tags = text_map(o, "tags");
  p.client_token = text(o, "token");
  return p;
}

constexpr std::size_t kRecentKeys = 1000;

constexpr std::array<std::string_view, 3> kHolders = {"root", "user", "session"};  // stored by name

// Secrets stand sealed, bound to the id of their key. Session tokens are of no use without them.
std::string write(const SecretKey& secrets, const AccessKey& k) {
  json::object out{{"sealed", secrets.seal(k.secret, k.id)},
                   {"holder", kHolders[static_cast<std::size_t>(k.holder)]},
                   {"status", k.status},
                   {"created", to_millis(k.created)}};
  if (!k.user.empty()) out["user"] = k.user;
  if (!k.client_token.empty()) out["token"] = k.client_token;
  if (k.holder == AccessKey::Holder::session) {
    out["sessionToken"] = k.session_token;
    out["arn"] = k.arn;
    out["userId"] = k.user_id;
    out["policy"] = k.policy;
    out["expires"] = to_millis(k.expires);
  }
  return json::serialize(out);
}

AccessKey read_key(const SecretKey& secrets, std::string_view id, const json::object& o) {
  AccessKey k{.id = std::string(id)};
  const auto sealed = get_string(o, "sealed");
  k.secret = sealed ? secrets.unseal_stored(*sealed, id) : text(o, "secret");  // before secrets were sealed
  const auto holder = std::ranges::find(kHolders, text(o, "holder"));
  k.holder = static_cast<AccessKey::Holder>(holder - kHolders.begin());
  k.user = text(o, "user");
  k.status = text(o, "status");
  k.created = from_millis(get_integer(o, "created").value_or(0));
  k.client_token = text(o, "token");
  k.session_token = text(o, "sessionToken");
  k.arn = text(o, "arn");
  k.user_id = text(o, "userId");
  k.policy = text(o, "policy");
  if (auto expires = get_integer(o, "expires")) k.expires = from_millis(*expires);
  return k;
}

std::uint64_t epoch_seconds(SystemTime time) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, to_millis(time) / 1000));
}

}  // namespace

std::string_view to_string(EntityKind kind) {
  return kind == EntityKind::role ? "role" : "user";
}
std::string_view title(EntityKind kind) {
  return kind == EntityKind::role ? "Role" : "User";
}

const PolicyVersion* ManagedPolicy::version(std::string_view id) const {
  const auto found = std::ranges::find(versions, id, &PolicyVersion::id);
  return found == versions.end() ? nullptr : &*found;
}

std::optional<Entity> Directory::find(EntityKind kind, std::string_view name) const {
  const auto value = store_.get(key({to_string(kind), name}));
  if (!value) return std::nullopt;
  const auto object = parse_json_object(*value);
  if (!object) return std::nullopt;
  return read_entity(kind, *object);
}

Outcome<Entity> Directory::entity(EntityKind kind, std::string_view name) const {
  auto found = find(kind, name);
  if (!found) {
    return refuse(no_such_entity(fmt::format("The {} with name {} cannot be found.", to_string(kind), name)));
  }
  return *std::move(found);
}

void Directory::put(Batch& batch, const Entity& entity) const {
  ++generation_;
  batch.put(key({to_string(entity.kind), entity.name}), write(entity));
}

void Directory::remove(Batch& batch, const Entity& entity) const {
  ++generation_;
  batch.remove(key({to_string(entity.kind), entity.name}));
}

std::string Directory::arn(const Entity& entity) const {
  return fmt::format("arn:aws:iam::{}:{}{}{}", account_, to_string(entity.kind), entity.path, entity.name);
}

std::optional<ManagedPolicy> Directory::find_policy(std::string_view arn) const {
  if (const auto* document = aws_managed_policy(arn)) {
    ManagedPolicy policy{.name = std::string(arn.substr(arn.rfind('/') + 1)), .arn = std::string(arn)};
    policy.path = "/" + std::string(arn.substr(kAwsPolicyPrefix.size()));
    policy.path.resize(policy.path.rfind('/') + 1);
    policy.id = "ANPA0000000000AWSOWN0";
    policy.versions.push_back({"v1", *document, {}});
    return policy;
  }
  const auto value = store_.get(key({"policy", arn}));
  if (!value) return std::nullopt;
  const auto object = parse_json_object(*value);
  if (!object) return std::nullopt;
  return read_policy(arn, *object);
}

Outcome<ManagedPolicy> Directory::policy(std::string_view arn) const {
  auto found = find_policy(arn);
  if (!found) return refuse(no_such_entity(fmt::format("Policy {} does not exist or is not attachable.", arn)));
  return *std::move(found);
}

void Directory::put(Batch& batch, const ManagedPolicy& policy) const {
  ++generation_;
  batch.put(key({"policy", policy.arn}), write(policy));
}

void Directory::remove(Batch& batch, const ManagedPolicy& policy) const {
  ++generation_;
  batch.remove(key({"policy", policy.arn}));
}

void Directory::attach(Batch& batch, Entity& entity, const std::string& arn) const {
  if (std::ranges::find(entity.attached, arn) == entity.attached.end()) entity.attached.push_back(arn);
  batch.put(key({"attached", arn, to_string(entity.kind), entity.name}), "");
  put(batch, entity);
}

void Directory::detach(Batch& batch, Entity& entity, const std::string& arn) const {
  std::erase(entity.attached, arn);
  batch.remove(key({"attached", arn, to_string(entity.kind), entity.name}));
  put(batch, entity);
}

std::size_t Directory::attachment_count(std::string_view arn) const {
  std::size_t count = 0;
  for (auto cursor = store_.scan_prefix(key({"attached", arn})); cursor.valid(); cursor.next()) ++count;
  return count;
}

std::optional<AccessKey> Directory::find_key(std::string_view id) const {
  if (const auto recent = recent_keys_.find(id); recent != recent_keys_.end()) return recent->second;
  const auto value = store_.get(key({"key", id}));
  if (!value) return std::nullopt;
  const auto object = parse_json_object(*value);
  if (!object) return std::nullopt;
  if (recent_keys_.size() >= kRecentKeys) recent_keys_.clear();
  return recent_keys_.insert_or_assign(std::string(id), read_key(secrets_, id, *object)).first->second;
}

void Directory::put(Batch& batch, const AccessKey& access_key) const {
  recent_keys_.erase(access_key.id);
  batch.put(key({"key", access_key.id}), write(secrets_, access_key));
  if (!access_key.user.empty()) batch.put(key({"keys-of", access_key.user, access_key.id}), "");
  if (access_key.holder == AccessKey::Holder::session) {
    batch.put(expiry_key(epoch_seconds(access_key.expires), access_key.id), "");
  }
}

void Directory::seal_keys(Batch& batch) const {
  const auto prefix = key({"key"});
  for (auto cursor = store_.scan_prefix(prefix); cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(prefix.size());
    const auto id = take_text(rest);
    const auto object = parse_json_object(cursor.value());
    if (id && object && object->contains("secret")) put(batch, read_key(secrets_, *id, *object));
  }
}

void Directory::remove(Batch& batch, const AccessKey& access_key) const {
  recent_keys_.erase(access_key.id);
  batch.remove(key({"key", access_key.id}));
  if (!access_key.user.empty()) batch.remove(key({"keys-of", access_key.user, access_key.id}));
}

std::vector<AccessKey> Directory::keys_of(std::string_view user) const {
  std::vector<AccessKey> out;
  const auto prefix = key({"keys-of", user});
  for (auto cursor = store_.scan_prefix(prefix); cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(prefix.size());
    const auto id = take_text(rest);
    if (!id) continue;
    if (auto found = find_key(*id)) out.push_back(*std::move(found));
  }
  return out;
}

void Directory::forget_sessions(Batch& batch, SystemTime before, int most) const {
  const auto prefix = key({"expiry"});
  for (auto cursor = store_.scan_prefix(prefix); cursor.valid() && most-- > 0; cursor.next()) {
    auto rest = cursor.key().substr(prefix.size());
    const auto seconds = take_number(rest);
    const auto id = take_text(rest);
    if (!seconds || !id || *seconds >= epoch_seconds(before)) return;
    batch.remove(cursor.key());
    batch.remove(key({"key", *id}));
    recent_keys_.erase(*id);
  }
}

std::vector<std::string> Directory::names(std::string_view table, std::string_view after, std::size_t most) const {
  std::vector<std::string> out;
  const auto prefix = key({table});
  const auto from = after.empty() ? prefix : after_prefix(key({table, after}));
  for (auto cursor = store_.scan(from, after_prefix(prefix)); cursor.valid() && out.size() < most; cursor.next()) {
    auto rest = cursor.key().substr(prefix.size());
    if (auto name = take_text(rest)) out.push_back(*std::move(name));
  }
  return out;
}

std::string unique_id(std::string_view prefix) {
  return std::string(prefix) + random_base36(17);
}

}  // namespace ads::cloud::iam
