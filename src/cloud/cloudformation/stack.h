// Stacks, their resources, operations in flight, and change sets, as values that the store keeps as JSON.
#pragma once
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

// What somebody asked a stack to be.
struct Definition {
  std::string template_text;
  ParameterValues values;
  json::array tags;          // [{"Key", "Value"}]
  json::array capabilities;  // names
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
  std::string client_token;  // of the last operation
  json::array outputs;       // as DescribeStacks shows them
};

// One incarnation of a resource.
struct ResourceVersion {
  ResourceState state;
  json::object properties;  // resolved
  std::vector<std::string> needs;
  DeletionPolicy deletion_policy = DeletionPolicy::remove, replace_policy = DeletionPolicy::remove;
};

// What the operation in flight does to a resource, and how far it is. Stored as numbers: do not reorder.
enum class Touch { nothing, create, update, replace };
enum class Stage { begun, done, failed, reverted };

struct Resource {
  std::string logical_id, type, status, reason;
  SystemTime changed{};
  ResourceVersion now;
  std::optional<ResourceVersion> before;  // while an update may still be rolled back
  std::string operation;                  // the last operation that touched it
  Touch touch = Touch::nothing;
  Stage stage = Stage::begun;
};

// A physical resource that is to go.
struct Doomed {
  std::string logical_id, type, physical_id;
  json::object properties;
  std::vector<std::string> needs;
  enum class Fate { remove, retain } fate = Fate::remove;
  enum class Record { keep, forget } record = Record::keep;  // forget: the logical resource goes too
};

// An operation in flight: written before it starts, gone when it has ended. Whatever dies in between is resumed from
// it.
enum class OperationKind { create, update, remove };
enum class Phase { forward, revert, cleanup };

struct Operation {
  std::string region, uuid, id;  // the stack's uuid; the operation's own
  OperationKind kind = OperationKind::create;
  Phase phase = Phase::forward;
  std::string client_token;
  SystemTime started{};
  Definition previous;         // of an update: what a rollback goes back to
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
