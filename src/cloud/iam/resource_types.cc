// AWS::IAM::Role, User and AccessKey, and the list of all types.
#include "base/encoding.h"
#include "base/ids.h"
#include "cloud/iam/iam_type.h"
#include "cloud/iam/service.h"

namespace ads::cloud::iam {
namespace {

// The stack's tags, overridden by the resource's own.
Outcome<std::map<std::string, std::string>> merged_tags(const ResourceContext& context,
                                                        const json::object& properties) {
  auto tags = read_tags({{"Tags", context.tags}});
  if (!tags) return tags;
  auto own = read_tags(properties);
  if (!own) return own;
  for (auto& [name, value] : *own) (*tags)[name] = value;
  return tags;
}

// AWS::IAM::Role and AWS::IAM::User: an entity with inline and attached policies.
class EntityType : public IamType {
 public:
  EntityType(Environment& environment, Directory& directory, EntityKind kind, std::string_view name,
             std::string_view schema, std::string_view name_property)
      : IamType(environment, directory, name, schema, {name_property, "Path"}),
        kind_(kind),
        name_property_(name_property) {}

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    auto name = optional_text(properties, name_property_);
    if (name.empty()) name = generated_name(context, 64);
    auto existing = directory_.find(kind_, name);
    if (existing && existing->client_token != context.client_token) {
      co_return refuse(entity_exists(title(kind_), name));
    }
    Entity entity{.kind = kind_, .name = name, .id = unique_id(kind_ == EntityKind::role ? "AROA" : "AIDA")};
    if (existing) entity = *std::move(existing);
    if (entity.created == SystemTime{}) entity.created = environment_.clock.now();
    entity.client_token = context.client_token;
    co_return co_await write(std::move(context), std::move(entity), {}, std::move(properties));
  }

  Task<Outcome<ResourceState>> update(ResourceContext context, std::string physical_id, json::object before,
                                      json::object after) override {
    auto entity = directory_.entity(kind_, physical_id);
    if (!entity) co_return refuse(entity.error());
    co_return co_await write(std::move(context), *std::move(entity), std::move(before), std::move(after));
  }

  Task<Outcome<void>> remove(ResourceContext, std::string physical_id, json::object properties) override {
    auto entity = directory_.find(kind_, physical_id);
    if (!entity) co_return Outcome<void>{};
    for (const auto& name : inline_names(properties)) entity->inline_policies.erase(name);
    Batch batch;
    for (const auto& arn : texts(properties, "ManagedPolicyArns")) directory_.detach(batch, *entity, arn);
    if (!entity->attached.empty()) {
      co_return refuse(delete_conflict("Cannot delete entity, must detach all policies first."));
    }
    if (!entity->inline_policies.empty()) {
      co_return refuse(delete_conflict("Cannot delete entity, must delete policies first."));
    }
    if (kind_ == EntityKind::user && !directory_.keys_of(physical_id).empty()) {
      co_return refuse(delete_conflict("Cannot delete entity, must delete access keys first."));
    }
    directory_.remove(batch, *entity);
    co_return co_await finish(std::move(batch));
  }

 private:
  static std::vector<std::string> inline_names(const json::object& properties) {
    std::vector<std::string> out;
    if (const auto* policies = get_array(properties, "Policies")) {
      for (const auto& entry : *policies) {
        if (const auto* policy = entry.if_object()) out.push_back(optional_text(*policy, "PolicyName"));
      }
    }
    return out;
  }

  Task<Outcome<ResourceState>> write(ResourceContext context, Entity entity, json::object before, json::object after) {
    if (auto ok = check_name(name_property_, entity.name, 64); !ok) co_return refuse(ok.error());
    if (const auto path = optional_text(after, "Path"); !path.empty()) {
      if (auto ok = check_path(path); !ok) co_return refuse(ok.error());
      entity.path = path;
    }
    if (kind_ == EntityKind::role) {
      auto trust = checked_document(after, "AssumeRolePolicyDocument", access::PolicyKind::trust);
      if (!trust) co_return refuse(trust.error());
      entity.trust_policy = *std::move(trust);
      entity.description = optional_text(after, "Description");
      entity.boundary = optional_text(after, "PermissionsBoundary");
      auto seconds = optional_integer(after, "MaxSessionDuration", 3600, 3600, 43200);
      if (!seconds) co_return refuse(seconds.error());
      entity.max_session_seconds = *seconds;
    }
    auto tags = merged_tags(context, after);
    if (!tags) co_return refuse(tags.error());
    entity.tags = *std::move(tags);
    for (const auto& name : inline_names(before)) entity.inline_policies.erase(name);
    if (const auto* policies = get_array(after, "Policies")) {
      for (const auto& entry : *policies) {
        const auto& policy = entry.as_object();
        auto document = checked_document(policy, "PolicyDocument", access::PolicyKind::identity);
        if (!document) co_return refuse(document.error());
        entity.inline_policies[optional_text(policy, "PolicyName")] = *std::move(document);
      }
    }
    Batch batch;
    const auto wanted = texts(after, "ManagedPolicyArns");
    for (const auto& arn : texts(before, "ManagedPolicyArns")) {
      if (std::ranges::find(wanted, arn) == wanted.end()) directory_.detach(batch, entity, arn);
    }
    for (const auto& arn : wanted) {
      if (auto policy = directory_.policy(arn); !policy) co_return refuse(policy.error());
      directory_.attach(batch, entity, arn);
    }
    directory_.put(batch, entity);
    ResourceState state{.physical_id = entity.name, .ref = entity.name};
    state.attributes["Arn"] = directory_.arn(entity);
    if (kind_ == EntityKind::role) state.attributes["RoleId"] = entity.id;
    co_return co_await finish(std::move(batch), std::move(state));
  }

  EntityKind kind_;
  std::string_view name_property_;
};

// AWS::IAM::AccessKey.
class AccessKeyType : public IamType {
 public:
  AccessKeyType(Environment& environment, Directory& directory)
      : IamType(environment, directory, "AWS::IAM::AccessKey",
                R"({"UserName!": "string", "Serial": "number", "Status": "string"})", {"UserName", "Serial"}) {}

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    auto user = directory_.entity(EntityKind::user, optional_text(properties, "UserName"));
    if (!user) co_return refuse(user.error());
    const auto keys = directory_.keys_of(user->name);
    AccessKey made{.id = "AKIA" + random_base36(16), .secret = to_base64(random_bytes(30))};
    const auto mine = std::ranges::find(keys, context.client_token, &AccessKey::client_token);
    if (mine != keys.end()) {
      made = *mine;
    } else if (keys.size() >= 2) {
      co_return refuse(limit_exceeded("Cannot exceed quota for AccessKeysPerUser: 2"));
    }
    made.holder = AccessKey::Holder::user;
    made.user = user->name;
    made.created = environment_.clock.now();
    made.client_token = context.client_token;
    co_return co_await write(std::move(made), std::move(properties));
  }
  Task<Outcome<ResourceState>> update(ResourceContext, std::string physical_id, json::object,
                                      json::object after) override {
    auto found = directory_.find_key(physical_id);
    if (!found)
      co_return refuse(no_such_entity(fmt::format("The Access Key with id {} cannot be found.", physical_id)));
    co_return co_await write(*std::move(found), std::move(after));
  }
  Task<Outcome<void>> remove(ResourceContext, std::string physical_id, json::object) override {
    Batch batch;
    if (const auto found = directory_.find_key(physical_id)) directory_.remove(batch, *found);
    co_return co_await finish(std::move(batch));
  }

 private:
  Task<Outcome<ResourceState>> write(AccessKey made, json::object properties) {
    const auto status = optional_text(properties, "Status");
    if (!status.empty() && status != "Active" && status != "Inactive") {
      co_return refuse(validation("Status must be Active or Inactive."));
    }
    made.status = status.empty() ? "Active" : status;
    Batch batch;
    directory_.put(batch, made);
    ResourceState state{.physical_id = made.id, .ref = made.id};
    state.attributes["SecretAccessKey"] = made.secret;
    co_return co_await finish(std::move(batch), std::move(state));
  }
};

constexpr std::string_view kRoleSchema = R"({
  "AssumeRolePolicyDocument!": "json", "Description": "string", "ManagedPolicyArns": ["string"],
  "MaxSessionDuration": "number", "Path": "string", "PermissionsBoundary": "string",
  "Policies": [{"PolicyName!": "string", "PolicyDocument!": "json"}], "RoleName": "string",
  "Tags": [{"Key!": "string", "Value!": "string"}]})";

constexpr std::string_view kUserSchema = R"({
  "ManagedPolicyArns": ["string"], "Path": "string",
  "Policies": [{"PolicyName!": "string", "PolicyDocument!": "json"}], "UserName": "string",
  "Tags": [{"Key!": "string", "Value!": "string"}]})";

}  // namespace

ResourceTypes Iam::resource_types() {
  ResourceTypes out;
  out.push_back(std::make_unique<EntityType>(environment_, directory_, EntityKind::role, "AWS::IAM::Role", kRoleSchema,
                                             "RoleName"));
  out.push_back(std::make_unique<EntityType>(environment_, directory_, EntityKind::user, "AWS::IAM::User", kUserSchema,
                                             "UserName"));
  out.push_back(inline_policy_type(environment_, directory_));
  out.push_back(managed_policy_type(environment_, directory_));
  out.push_back(std::make_unique<AccessKeyType>(environment_, directory_));
  return out;
}

}  // namespace ads::cloud::iam
