// Roles, users, managed policies and access keys as values, and where they are kept.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "cloud/secret_key.h"
#include "cloud/store.h"
#include "cloud/wire_error.h"

namespace ads::cloud::iam {

enum class EntityKind { role, user };
std::string_view to_string(EntityKind kind);  // "role", "user": also in ARNs and keys
std::string_view title(EntityKind kind);      // "Role", "User": in messages

// A role or a user: the two differ by the trust policy and the session length of a role.
struct Entity {
  EntityKind kind = EntityKind::role;
  std::string name, path = "/", id;
  SystemTime created{};
  std::string trust_policy;  // as it was given
  std::string description;
  int max_session_seconds = 3600;
  std::string boundary;  // ARN of the permissions boundary
  std::map<std::string, std::string> tags;
  std::map<std::string, std::string> inline_policies;  // name -> document as given
  std::vector<std::string> attached;                   // ARNs of managed policies
  std::string client_token;  // of the stack operation that made it: a repeated create finds itself
};

struct PolicyVersion {
  std::string id;  // "v1"
  std::string document;
  SystemTime created{};
};

struct ManagedPolicy {
  std::string name, path = "/", id, arn, description, default_version = "v1";
  SystemTime created{}, updated{};
  int next_version = 2;
  std::vector<PolicyVersion> versions;
  std::map<std::string, std::string> tags;
  std::string client_token;

  const PolicyVersion* version(std::string_view id) const;
};

struct AccessKey {
  enum class Holder { root, user, session };
  std::string id, secret;
  Holder holder = Holder::root;
  std::string user;  // of a user's key
  std::string status = "Active";
  SystemTime created{};
  std::string client_token;
  // Of a session:
  std::string session_token, arn, user_id, policy;
  SystemTime expires = SystemTime::max();
};

// Reads and prepares writes; whoever changes something applies the batch.
class Directory {
 public:
  Directory(Store& store, std::string account)
      : store_(store), secrets_(SecretKey::of(store)), account_(std::move(account)) {}

  const std::string& account() const { return account_; }
  // Rises with every change of an entity or a policy: who has compiled some knows when to look again.
  std::uint64_t generation() const { return generation_; }
  Store& store() { return store_; }

  std::optional<Entity> find(EntityKind kind, std::string_view name) const;
  // Errors: NoSuchEntity in AWS's words.
  Outcome<Entity> entity(EntityKind kind, std::string_view name) const;
  void put(Batch& batch, const Entity& entity) const;
  void remove(Batch& batch, const Entity& entity) const;
  std::string arn(const Entity& entity) const;

  // AWS's own policies are found too.
  std::optional<ManagedPolicy> find_policy(std::string_view arn) const;
  Outcome<ManagedPolicy> policy(std::string_view arn) const;
  void put(Batch& batch, const ManagedPolicy& policy) const;
  void remove(Batch& batch, const ManagedPolicy& policy) const;
  void attach(Batch& batch, Entity& entity, const std::string& policy_arn) const;
  void detach(Batch& batch, Entity& entity, const std::string& policy_arn) const;
  std::size_t attachment_count(std::string_view policy_arn) const;

  std::optional<AccessKey> find_key(std::string_view id) const;
  void put(Batch& batch, const AccessKey& key) const;
  // Writes those again whose secrets were stored before secrets were sealed.
  void seal_keys(Batch& batch) const;
  void remove(Batch& batch, const AccessKey& key) const;
  std::vector<AccessKey> keys_of(std::string_view user) const;
  // Drops up to `most` sessions that ended before `before`.
  void forget_sessions(Batch& batch, SystemTime before, int most) const;

  // Names in order, after `after`, up to `most`: for the List operations.
  std::vector<std::string> names(std::string_view table, std::string_view after, std::size_t most) const;

 private:
  Store& store_;
  SecretKey secrets_;
  std::string account_;
  mutable std::uint64_t generation_ = 0;
  // Every request asks for its key: those asked for lately, without a look into the store. Cleared when full; a key
  // that is about to be written is dropped from it.
  mutable std::map<std::string, AccessKey, std::less<>> recent_keys_;
};

// "AROA" + 17 characters: AWS's unique ids.
std::string unique_id(std::string_view prefix);

}  // namespace ads::cloud::iam
