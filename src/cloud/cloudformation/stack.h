// Stacks, their resources, operations in flight, and change sets, as values that the store keeps as JSON.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "cloud/cloudformation/parameters.h"
#include "cloud/cloudformation/template.h"
#include "cloud/resource_type.h"

namespace ads::cloud::cloudformation {

// Physical ids by logical id, of what a change set imports.
using ImportedIds = std::map<std::string, std::string, std::less<>>;

// What somebody asked a stack to be.
struct Definition {
  std::string template_text;
  ParameterValues values;
  json::array tags;          // [{"Key", "Value"}]
  json::array capabilities;  // names
  ParameterValues stored;    // what the parameter store gave for the parameters of its types
  // The NoEcho parameters; nothing where an earlier version of this program stored it.
  std::optional<std::set<std::string, std::less<>>> secrets = {};

  // What Ref gives.
  ParameterValues effective() const;
  // Whether the parameter's value is shown as ****.
  bool is_secret(std::string_view parameter) const;
};

struct Stack {
  std::string region, uuid, name, id;  // id: the ARN
  std::string description, status, reason;
  Definition definition;
  SystemTime created{};
  std::optional<SystemTime> updated, deleted;
  bool is_protected = false;            // termination protection
  std::string on_failure = "ROLLBACK";  // ROLLBACK | DO_NOTHING | DELETE, of the creation
  int timeout_minutes = 0;              // 0: none
  std::string role_arn, change_set_id;
  std::string client_token, token_action;  // of the last operation: the token and the action it came with
  json::array outputs;                     // as DescribeStacks shows them
};

// One incarnation of a resource.
struct ResourceVersion {
  ResourceState state;
  json::object properties;              // as the type got them
  std::optional<json::object> written;  // with dynamic references unresolved, where there are any
  std::optional<json::object> shown;    // as written, with NoEcho parameters masked, where there are any
  json::object metadata;
  std::vector<std::string> needs;
  DeletionPolicy deletion_policy = DeletionPolicy::remove, replace_policy = DeletionPolicy::remove;

  bool exists() const { return !state.physical_id.empty(); }
  // What decides whether an update changes it: a dynamic reference by its text, not by its value.
  const json::object& compared() const { return written ? *written : properties; }
  const json::object& visible() const { return shown ? *shown : compared(); }
};

// What an operation does to a resource, and how far it is. Stored as numbers: do not reorder.
enum class Touch { nothing, create, update, replace, import };
enum class Stage { begun, done, failed, reverted };

struct Resource {
  std::string logical_id, type, status, reason;
  SystemTime changed{};
  ResourceVersion now;
  std::string operation;  // the last operation that touched it
  Stage stage = Stage::begun;
  // What that operation does, and what it started from. After an update that failed and was not rolled back the next
  // one starts from what that left.
  Touch action = Touch::nothing;
  std::optional<ResourceVersion> from;
  // What a rollback goes back to (nothing: the resource is new), and what therefore has been done since.
  std::optional<ResourceVersion> before;
  Touch touch = Touch::nothing;
  bool is_carried = false;  // `before` and `touch` are of an earlier update that was not rolled back

  // The incarnation that is there; nullptr where there is none.
  const ResourceVersion* standing() const;
  // What an update made or took up and then replaced: neither what is now nor what was before.
  const ResourceVersion* superseded() const;
};

// A physical resource that is to go.
struct Doomed {
  std::string logical_id, type, physical_id;
  json::object properties;
  std::vector<std::string> needs;
  enum class Fate { remove, retain } fate = Fate::remove;
  // keep: its record shows what becomes of it; forget: the logical resource goes too; other: it is not what the record
  // is about, but an earlier incarnation.
  enum class Record { keep, forget, other } record = Record::keep;
};

// What happens when an operation fails.
struct Conduct {
  bool keeps_failed = false;      // --disable-rollback: everything stays as it is then
  bool removes_retained = false;  // --retain-except-on-create: a rollback deletes new resources whatever their policy
};

// An operation in flight: written before it starts, gone when it has ended. Whatever dies in between is resumed from
// it. One that ended in UPDATE_FAILED or UPDATE_ROLLBACK_FAILED is parked: a rollback can go on from there.
enum class OperationKind { create, update, remove };
enum class Phase { forward, revert, cleanup };
enum class Interruption { none, cancel, remove };  // CancelUpdateStack; DeleteStack of a stack that is being made

struct Operation {
  std::string region, uuid, id;  // the stack's uuid; the operation's own
  OperationKind kind = OperationKind::create;
  Phase phase = Phase::forward;
  std::string client_token;
  SystemTime started{};
  Conduct conduct;
  Interruption interruption = Interruption::none;
  ImportedIds imports;         // new resources that are taken up instead of being made
  Definition previous;         // of an update: what a rollback goes back to; no template: to nothing
  std::vector<Doomed> doomed;  // in the order in which they go
  std::vector<std::string> failed;
  std::string final_status, failed_status, reason;  // of the cleanup
};

struct ChangeSet {
  std::string name, id, uuid, description, type;  // type: CREATE | UPDATE
  std::string status, reason, execution_status, client_token, on_failure;
  SystemTime created{};
  Definition definition;
  json::array changes;  // as DescribeChangeSet shows them
  bool imports_existing = false;
  ImportedIds imports;
};

std::string write(const Stack& stack);
std::string write(const Resource& resource);
std::string write(const Operation& operation);
std::string write(const ChangeSet& change_set);
// Nothing where the stored bytes are not what write() made.
std::optional<Stack> read_stack(std::string_view text);
std::optional<Resource> read_resource(std::string_view text);
std::optional<Operation> read_operation(std::string_view text);
std::optional<ChangeSet> read_change_set(std::string_view text);

bool is_in_progress(std::string_view status);

}  // namespace ads::cloud::cloudformation
