// Reads stacks and what belongs to them from the store, and prepares the writes.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cloud/cloudformation/stack.h"
#include "cloud/secret_key.h"
#include "cloud/store.h"

namespace ads::cloud::cloudformation {

using Resources = std::map<std::string, Resource, std::less<>>;

struct Export {
  std::string name, value, stack_uuid, stack_id;
};

class StackStore {
 public:
  StackStore(Store& store, Clock& clock) : store_(store), clock_(clock), secrets_(SecretKey::of(store)) {}
  // Seals records that an earlier version of this program left as they are. Errors: unavailable.
  Result<void> seal_records();
  Store& store() { return store_; }
  SystemTime now() const { return clock_.now(); }

  // By name (a stack that is not deleted) or by ARN (deleted ones too).
  std::optional<Stack> find(std::string_view region, std::string_view name_or_id) const;
  std::optional<Stack> find_uuid(std::string_view region, std::string_view uuid) const;
  void put(Batch& batch, const Stack& stack) const;
  void take_name(Batch& batch, const Stack& stack) const;
  void free_name(Batch& batch, const Stack& stack) const;
  // Up to `most` stacks after the one with uuid `after`.
  std::vector<Stack> list(std::string_view region, std::string_view after, std::size_t most) const;

  // Stacks deleted before `time`, of all regions, with everything that belongs to them.
  void forget_deleted(Batch& batch, SystemTime time) const;

  Resources resources(const Stack& stack) const;
  void put(Batch& batch, const Stack& stack, const Resource& resource) const;
  void remove(Batch& batch, const Stack& stack, std::string_view logical_id) const;

  // Adds an event of the stack itself, or of one of its resources.
  void note(Batch& batch, const Stack& stack);
  void note(Batch& batch, const Stack& stack, const Resource& resource);
  // Newest first, older than number `before` (0: from the newest); each with its number.
  std::vector<std::pair<std::uint64_t, json::object>> events(const Stack& stack, std::uint64_t before,
                                                             std::size_t most) const;

  std::optional<Operation> operation(std::string_view region, std::string_view uuid) const;
  std::vector<Operation> operations() const;  // every one in flight, of all regions
  void put(Batch& batch, const Operation& operation) const;
  void remove(Batch& batch, const Operation& operation) const;
  // The update that failed and can still be rolled back.
  std::optional<Operation> parked(const Stack& stack) const;
  void park(Batch& batch, const Operation& operation) const;
  void unpark(Batch& batch, const Stack& stack) const;

  std::optional<ChangeSet> change_set(const Stack& stack, std::string_view name) const;
  // By the change set's own ARN: its stack's uuid and its name.
  std::optional<std::pair<std::string, std::string>> locate_change_set(std::string_view region,
                                                                       std::string_view id) const;
  std::vector<ChangeSet> change_sets(const Stack& stack) const;
  void put(Batch& batch, const Stack& stack, const ChangeSet& change_set) const;
  void remove(Batch& batch, const Stack& stack, const ChangeSet& change_set) const;

  std::optional<Export> find_export(std::string_view region, std::string_view name) const;
  std::vector<Export> exports(std::string_view region) const;
  std::vector<std::string> importers(std::string_view region, std::string_view name) const;  // stack names
  // Makes the stack's exports and imports what they are now to be.
  void set_exports(Batch& batch, const Stack& stack, const std::map<std::string, std::string>& exports) const;
  void set_imports(Batch& batch, const Stack& stack, const std::set<std::string>& names) const;

 private:
  // Records hold the values of NoEcho parameters: they are sealed (secret_key.h).
  std::optional<std::string> get(std::string_view key) const;
  void put_record(Batch& batch, std::string_view key, std::string_view record) const;
  std::string opened(const Cursor& cursor) const;
  void add_event(Batch& batch, const Stack& stack, json::object event);

  Store& store_;
  Clock& clock_;
  SecretKey secrets_;
  std::uint64_t last_event_ = 0;
};

}  // namespace ads::cloud::cloudformation
