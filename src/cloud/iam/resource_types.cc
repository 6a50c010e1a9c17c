// AWS::IAM::*: identities as a stack's resources.
#include "base/encoding.h"
#include "base/ids.h"
#include "cloud/iam/errors.h"
#include "cloud/iam/input.h"
#include "cloud/iam/policy.h"
#include "cloud/iam/service.h"

namespace ads::cloud::iam {
namespace {

json::object schema_of(std::string_view text) {
  return parse_json_object(text).value();
}

// A template's policy is an object; the wire's is text.
std::string document_text(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

Outcome<std::string> checked_document(const json::object& properties, std::string_view member, PolicyKind kind) {
  const auto* value = properties.if_contains(member);
  auto text = document_text(value != nullptr ? *value : json::value{});
  if (auto policy = parse_policy(text, kind); !policy) return refuse(policy.error());
  return text;
}

std::vector<std::string> texts(const json::object& properties, std::string_view member) {
  std::vector<std::string> out;
  if (const auto* array = get_array(properties, member)) {
    for (const auto& entry : *array) {
      if (entry.is_string()) out.emplace_back(entry.as_string());
    }
  }
  return out;
}

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

// What every type here has: the directory, and writes that are on disk before the stack goes on.
class IamType : public ResourceType {
 public:
  IamType(Environment& environment, Directory& directory, std::string_view name, std::string_view schema,
          std::vector<std::string_view> replacements)
      : environment_(environment),
        directory_(directory),
        name_(name),
        schema_(schema_of(schema)),
        replacements_(std::move(replacements)) {}

  std::string_view name() const override { return name_; }
  const PropertySchema& schema() const override { return schema_; }
  std::vector<std::string_view> replacement_properties() const override { return replacements_; }

 protected:
  Task<Outcome<ResourceState>> finish(Batch batch, ResourceState state) {
    if (auto written = co_await environment_.store.commit(std::move(batch)); !written) {
      co_return refuse(internal_failure(written.error()));
    }
    co_return state;
  }
  Task<Outcome<void>> finish(Batch batch) {
    if (auto written = co_await environment_.store.commit(std::move(batch)); !written) {
      co_return refuse(internal_failure(written.error()));
    }
    co_return Outcome<void>{};
  }

  Environment& environment_;
  Directory& directory_;

 private:
  std::string_view name_;
  PropertySchema schema_;
  std::vector<std::string_view> replacements_;
};

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
      auto trust = checked_document(after, "AssumeRolePolicyDocument", PolicyKind::trust);
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
        auto document = checked_document(policy, "PolicyDocument", PolicyKind::identity);
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

// AWS::IAM::Policy: one document put inline into roles and users.
class InlinePolicyType : public IamType {
 public:
  InlinePolicyType(Environment& environment, Directory& directory)
      : IamType(environment, directory, "AWS::IAM::Policy",
                R"({"PolicyName!": "string", "PolicyDocument!": "json", "Roles": ["string"], "Users": ["string"]})",
                {}) {}

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    co_return co_await write(generated_name(context, 128), {}, std::move(properties));
  }
  Task<Outcome<ResourceState>> update(ResourceContext, std::string physical_id, json::object before,
                                      json::object after) override {
    co_return co_await write(std::move(physical_id), std::move(before), std::move(after));
  }
  Task<Outcome<void>> remove(ResourceContext, std::string, json::object properties) override {
    std::map<std::string, Entity> touched;
    take_out(properties, touched);
    Batch batch;
    for (const auto& [_, entity] : touched) directory_.put(batch, entity);
    co_return co_await finish(std::move(batch));
  }

 private:
  Task<Outcome<ResourceState>> write(std::string physical_id, json::object before, json::object after) {
    auto document = checked_document(after, "PolicyDocument", PolicyKind::identity);
    if (!document) co_return refuse(document.error());
    const auto name = optional_text(after, "PolicyName");
    if (auto ok = check_name("PolicyName", name, 128); !ok) co_return refuse(ok.error());
    std::map<std::string, Entity> touched;
    take_out(before, touched);
    std::size_t holders = 0;
    for (const auto kind : {EntityKind::role, EntityKind::user}) {
      for (const auto& holder : texts(after, fmt::format("{}s", title(kind)))) {
        auto* entity = touch(kind, holder, touched);
        if (entity == nullptr) co_return refuse(directory_.entity(kind, holder).error());
        entity->inline_policies[name] = *document;
        ++holders;
      }
    }
    if (holders == 0) {
      co_return refuse(validation("At least one of [Groups,Roles,Users] must be non-empty."));
    }
    Batch batch;
    for (const auto& [_, entity] : touched) directory_.put(batch, entity);
    ResourceState state{.physical_id = physical_id, .ref = physical_id};
    state.attributes["Id"] = physical_id;
    co_return co_await finish(std::move(batch), std::move(state));
  }

  Entity* touch(EntityKind kind, const std::string& name, std::map<std::string, Entity>& touched) {
    const auto id = fmt::format("{}/{}", to_string(kind), name);
    if (const auto at = touched.find(id); at != touched.end()) return &at->second;
    auto found = directory_.find(kind, name);
    if (!found) return nullptr;
    return &touched.emplace(id, *std::move(found)).first->second;
  }
  void take_out(const json::object& properties, std::map<std::string, Entity>& touched) {
    for (const auto kind : {EntityKind::role, EntityKind::user}) {
      for (const auto& holder : texts(properties, fmt::format("{}s", title(kind)))) {
        if (auto* entity = touch(kind, holder, touched)) {
          entity->inline_policies.erase(optional_text(properties, "PolicyName"));
        }
      }
    }
  }
};

// AWS::IAM::ManagedPolicy: a policy of its own, attached to roles and users.
class ManagedPolicyType : public IamType {
 public:
  ManagedPolicyType(Environment& environment, Directory& directory)
      : IamType(environment, directory, "AWS::IAM::ManagedPolicy",
                R"({"PolicyDocument!": "json", "ManagedPolicyName": "string", "Description": "string", "Path": "string",
                    "Roles": ["string"], "Users": ["string"]})",
                {"ManagedPolicyName", "Description", "Path"}) {}

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    auto name = optional_text(properties, "ManagedPolicyName");
    if (name.empty()) name = generated_name(context, 128);
    if (auto ok = check_name("ManagedPolicyName", name, 128); !ok) co_return refuse(ok.error());
    auto path = optional_text(properties, "Path");
    if (path.empty()) path = "/";
    if (auto ok = check_path(path); !ok) co_return refuse(ok.error());
    const auto arn = fmt::format("arn:aws:iam::{}:policy{}{}", directory_.account(), path, name);
    auto policy = directory_.find_policy(arn);
    if (policy && policy->client_token != context.client_token) {
      co_return refuse(409, "EntityAlreadyExists",
                       fmt::format("A policy called {} already exists. Duplicate names are not allowed.", name));
    }
    if (!policy) {
      policy = ManagedPolicy{.name = name, .path = path, .id = unique_id("ANPA"), .arn = arn};
      policy->created = environment_.clock.now();
      policy->description = optional_text(properties, "Description");
      policy->client_token = context.client_token;
    }
    co_return co_await write(*std::move(policy), {}, std::move(properties));
  }

  Task<Outcome<ResourceState>> update(ResourceContext, std::string physical_id, json::object before,
                                      json::object after) override {
    auto policy = directory_.policy(physical_id);
    if (!policy) co_return refuse(policy.error());
    co_return co_await write(*std::move(policy), std::move(before), std::move(after));
  }

  Task<Outcome<void>> remove(ResourceContext, std::string physical_id, json::object properties) override {
    Batch batch;
    detach_all(batch, physical_id, properties, {});
    if (const auto policy = directory_.find_policy(physical_id)) {
      std::size_t mine = texts(properties, "Roles").size() + texts(properties, "Users").size();
      if (directory_.attachment_count(physical_id) > mine) {
        co_return refuse(delete_conflict("Cannot delete a policy attached to entities."));
      }
      directory_.remove(batch, *policy);
    }
    co_return co_await finish(std::move(batch));
  }

 private:
  Task<Outcome<ResourceState>> write(ManagedPolicy policy, json::object before, json::object after) {
    auto document = checked_document(after, "PolicyDocument", PolicyKind::identity);
    if (!document) co_return refuse(document.error());
    const auto* current = policy.version(policy.default_version);
    if (current == nullptr || current->document != *document) {
      // A stack keeps one version: the one its template says.
      if (current != nullptr) policy.default_version = fmt::format("v{}", policy.next_version++);
      policy.versions = {{policy.default_version, *std::move(document), environment_.clock.now()}};
      policy.updated = environment_.clock.now();
    }
    Batch batch;
    directory_.put(batch, policy);
    detach_all(batch, policy.arn, before, after);
    for (const auto kind : {EntityKind::role, EntityKind::user}) {
      for (const auto& holder : texts(after, fmt::format("{}s", title(kind)))) {
        auto entity = directory_.entity(kind, holder);
        if (!entity) co_return refuse(entity.error());
        directory_.attach(batch, *entity, policy.arn);
      }
    }
    ResourceState state{.physical_id = policy.arn, .ref = policy.arn};
    state.attributes["PolicyArn"] = policy.arn;
    state.attributes["PolicyId"] = policy.id;
    state.attributes["DefaultVersionId"] = policy.default_version;
    co_return co_await finish(std::move(batch), std::move(state));
  }

  // From every holder in `before` that is not in `after`.
  void detach_all(Batch& batch, const std::string& arn, const json::object& before, const json::object& after) {
    for (const auto kind : {EntityKind::role, EntityKind::user}) {
      const auto member = fmt::format("{}s", title(kind));
      const auto kept = texts(after, member);
      for (const auto& holder : texts(before, member)) {
        auto entity = directory_.find(kind, holder);
        if (entity && std::ranges::find(kept, holder) == kept.end()) directory_.detach(batch, *entity, arn);
      }
    }
  }
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
  out.push_back(std::make_unique<InlinePolicyType>(environment_, directory_));
  out.push_back(std::make_unique<ManagedPolicyType>(environment_, directory_));
  out.push_back(std::make_unique<AccessKeyType>(environment_, directory_));
  return out;
}

}  // namespace ads::cloud::iam
