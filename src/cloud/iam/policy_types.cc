// AWS::IAM::Policy and AWS::IAM::ManagedPolicy.
#include "cloud/iam/iam_type.h"

namespace ads::cloud::iam {
namespace {

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
    auto document = checked_document(after, "PolicyDocument", access::PolicyKind::identity);
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
    auto document = checked_document(after, "PolicyDocument", access::PolicyKind::identity);
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

}  // namespace

std::unique_ptr<ResourceType> inline_policy_type(Environment& environment, Directory& directory) {
  return std::make_unique<InlinePolicyType>(environment, directory);
}

std::unique_ptr<ResourceType> managed_policy_type(Environment& environment, Directory& directory) {
  return std::make_unique<ManagedPolicyType>(environment, directory);
}

}  // namespace ads::cloud::iam
