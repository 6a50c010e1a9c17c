#include "cloud/cloudformation/stack_store.h"

#include "base/ids.h"
#include "cloud/cloudformation/keys.h"

namespace ads::cloud::cloudformation {

std::optional<std::string> StackStore::get(std::string_view key) const {
  const auto stored = store_.get(key);
  return stored ? std::optional(secrets_.open_record(*stored, key)) : std::nullopt;
}
void StackStore::put_record(Batch& batch, std::string_view key, std::string_view record) const {
  batch.put(key, secrets_.seal(record, key));
}
std::string StackStore::opened(const Cursor& cursor) const {
  return secrets_.open_record(cursor.value(), cursor.key());
}

Result<void> StackStore::seal_records() {
  Batch batch;
  for (const auto* kind : {"stack", "resource", "operation", "parked", "change-set"})
    secrets_.seal_records(store_, batch, key({kind}));
  return store_.apply(std::move(batch));
}

std::optional<Stack> StackStore::find_uuid(std::string_view region, std::string_view uuid) const {
  const auto value = get(key({"stack", region, uuid}));
  return value ? read_stack(*value) : std::nullopt;
}

std::optional<Stack> StackStore::find(std::string_view region, std::string_view name_or_id) const {
  if (name_or_id.starts_with("arn:")) {
    auto found = find_uuid(region, name_or_id.substr(name_or_id.rfind('/') + 1));
    return found && found->id == name_or_id ? found : std::nullopt;
  }
  const auto uuid = store_.get(key({"name", region, name_or_id}));
  return uuid ? find_uuid(region, *uuid) : std::nullopt;
}

void StackStore::put(Batch& batch, const Stack& stack) const {
  put_record(batch, key({"stack", stack.region, stack.uuid}), write(stack));
}
void StackStore::take_name(Batch& batch, const Stack& stack) const {
  batch.put(key({"name", stack.region, stack.name}), stack.uuid);
}
void StackStore::free_name(Batch& batch, const Stack& stack) const {
  batch.remove(key({"name", stack.region, stack.name}));
}

std::vector<Stack> StackStore::list(std::string_view region, std::string_view after, std::size_t most) const {
  std::vector<Stack> out;
  const auto prefix = key({"stack", region});
  const auto from = after.empty() ? prefix : after_prefix(key({"stack", region, after}));
  for (auto cursor = store_.scan(from, after_prefix(prefix)); cursor.valid() && out.size() < most; cursor.next()) {
    if (auto stack = read_stack(opened(cursor))) out.push_back(*std::move(stack));
  }
  return out;
}

void StackStore::forget_deleted(Batch& batch, SystemTime time) const {
  for (auto cursor = store_.scan_prefix(key({"stack"})); cursor.valid(); cursor.next()) {
    const auto stack = read_stack(opened(cursor));
    if (!stack || stack->status != "DELETE_COMPLETE" || !stack->deleted || *stack->deleted >= time) continue;
    batch.remove(cursor.key());
    for (const auto* kind : {"resource", "event"}) {
      const auto prefix = key({kind, stack->region, stack->uuid});
      batch.remove_range(prefix, after_prefix(prefix));
    }
  }
}

Resources StackStore::resources(const Stack& stack) const {
  Resources out;
  const auto prefix = key({"resource", stack.region, stack.uuid});
  for (auto cursor = store_.scan_prefix(prefix); cursor.valid(); cursor.next()) {
    if (auto resource = read_resource(opened(cursor))) out.emplace(resource->logical_id, *resource);
  }
  return out;
}

void StackStore::put(Batch& batch, const Stack& stack, const Resource& resource) const {
  put_record(batch, key({"resource", stack.region, stack.uuid, resource.logical_id}), write(resource));
}
void StackStore::remove(Batch& batch, const Stack& stack, std::string_view logical_id) const {
  batch.remove(key({"resource", stack.region, stack.uuid, logical_id}));
}

void StackStore::add_event(Batch& batch, const Stack& stack, json::object event) {
  // Numbers follow the clock, and ascend also where it stands still.
  const auto now = static_cast<std::uint64_t>(std::max<std::int64_t>(0, clock_.now().time_since_epoch().count()));
  last_event_ = std::max(last_event_ + 1, now * 1000);
  event["StackId"] = stack.id;
  event["StackName"] = stack.name;
  event["Timestamp"] = iso8601(clock_.now());
  if (!stack.client_token.empty()) event["ClientRequestToken"] = stack.client_token;
  auto at = key({"event", stack.region, stack.uuid});
  append_number(at, last_event_);
  batch.put(at, json::serialize(event));
}

void StackStore::note(Batch& batch, const Stack& stack) {
  json::object event{{"EventId", random_uuid()},
                     {"LogicalResourceId", stack.name},
                     {"PhysicalResourceId", stack.id},
                     {"ResourceType", "AWS::CloudFormation::Stack"},
                     {"ResourceStatus", stack.status}};
  if (!stack.reason.empty()) event["ResourceStatusReason"] = stack.reason;
  add_event(batch, stack, std::move(event));
}

void StackStore::note(Batch& batch, const Stack& stack, const Resource& resource) {
  json::object event{{"EventId", fmt::format("{}-{}-{}", resource.logical_id, resource.status, random_uuid())},
                     {"LogicalResourceId", resource.logical_id},
                     {"PhysicalResourceId", resource.now.state.physical_id},
                     {"ResourceType", resource.type},
                     {"ResourceStatus", resource.status}};
  if (!resource.reason.empty()) event["ResourceStatusReason"] = resource.reason;
  if (const auto& visible = resource.now.visible(); !visible.empty()) {
    event["ResourceProperties"] = json::serialize(visible);
  }
  add_event(batch, stack, std::move(event));
}

std::vector<std::pair<std::uint64_t, json::object>> StackStore::events(const Stack& stack, std::uint64_t before,
                                                                       std::size_t most) const {
  std::vector<std::pair<std::uint64_t, json::object>> out;
  const auto prefix = key({"event", stack.region, stack.uuid});
  auto to = after_prefix(prefix);
  if (before != 0) {
    to = prefix;
    append_number(to, before);
  }
  for (auto cursor = store_.scan(prefix, to, ScanOrder::descending); cursor.valid() && out.size() < most;
       cursor.next()) {
    auto rest = cursor.key().substr(prefix.size());
    const auto number = take_number(rest);
    auto event = parse_json_object(cursor.value());
    if (number && event) out.emplace_back(*number, *std::move(event));
  }
  return out;
}

std::optional<Operation> StackStore::operation(std::string_view region, std::string_view uuid) const {
  const auto value = get(key({"operation", region, uuid}));
  return value ? read_operation(*value) : std::nullopt;
}

std::vector<Operation> StackStore::operations() const {
  std::vector<Operation> out;
  for (auto cursor = store_.scan_prefix(key({"operation"})); cursor.valid(); cursor.next()) {
    if (auto operation = read_operation(opened(cursor))) out.push_back(*std::move(operation));
  }
  return out;
}

void StackStore::put(Batch& batch, const Operation& operation) const {
  put_record(batch, key({"operation", operation.region, operation.uuid}), write(operation));
}
void StackStore::remove(Batch& batch, const Operation& operation) const {
  batch.remove(key({"operation", operation.region, operation.uuid}));
}

std::optional<Operation> StackStore::parked(const Stack& stack) const {
  const auto value = get(key({"parked", stack.region, stack.uuid}));
  return value ? read_operation(*value) : std::nullopt;
}
void StackStore::park(Batch& batch, const Operation& operation) const {
  put_record(batch, key({"parked", operation.region, operation.uuid}), write(operation));
}
void StackStore::unpark(Batch& batch, const Stack& stack) const {
  batch.remove(key({"parked", stack.region, stack.uuid}));
}

std::optional<ChangeSet> StackStore::change_set(const Stack& stack, std::string_view name) const {
  const auto value = get(key({"change-set", stack.region, stack.uuid, name}));
  return value ? read_change_set(*value) : std::nullopt;
}

std::optional<std::pair<std::string, std::string>> StackStore::locate_change_set(std::string_view region,
                                                                                 std::string_view id) const {
  const auto value = store_.get(key({"change-set-id", region, id.substr(id.rfind('/') + 1)}));
  const auto slash = value ? value->find('/') : std::string::npos;
  if (slash == std::string::npos) return std::nullopt;
  return std::pair(value->substr(0, slash), value->substr(slash + 1));
}

std::vector<ChangeSet> StackStore::change_sets(const Stack& stack) const {
  std::vector<ChangeSet> out;
  for (auto cursor = store_.scan_prefix(key({"change-set", stack.region, stack.uuid})); cursor.valid(); cursor.next()) {
    if (auto change_set = read_change_set(opened(cursor))) out.push_back(*std::move(change_set));
  }
  return out;
}

void StackStore::put(Batch& batch, const Stack& stack, const ChangeSet& c) const {
  put_record(batch, key({"change-set", stack.region, stack.uuid, c.name}), write(c));
  batch.put(key({"change-set-id", stack.region, c.uuid}), fmt::format("{}/{}", stack.uuid, c.name));
}
void StackStore::remove(Batch& batch, const Stack& stack, const ChangeSet& c) const {
  batch.remove(key({"change-set", stack.region, stack.uuid, c.name}));
  batch.remove(key({"change-set-id", stack.region, c.uuid}));
}

namespace {

std::optional<Export> read_export(std::string_view name, std::string_view stored) {
  const auto o = parse_json_object(stored);
  if (!o) return std::nullopt;
  return Export{std::string(name), std::string(get_string(*o, "value").value_or("")),
                std::string(get_string(*o, "stack").value_or("")), std::string(get_string(*o, "id").value_or(""))};
}

}  // namespace

std::optional<Export> StackStore::find_export(std::string_view region, std::string_view name) const {
  const auto value = store_.get(key({"export", region, name}));
  return value ? read_export(name, *value) : std::nullopt;
}

std::vector<Export> StackStore::exports(std::string_view region) const {
  std::vector<Export> out;
  const auto prefix = key({"export", region});
  for (auto cursor = store_.scan_prefix(prefix); cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(prefix.size());
    const auto name = take_text(rest);
    auto found = name ? read_export(*name, cursor.value()) : std::nullopt;
    if (found) out.push_back(*std::move(found));
  }
  return out;
}

std::vector<std::string> StackStore::importers(std::string_view region, std::string_view name) const {
  std::vector<std::string> out;
  for (auto cursor = store_.scan_prefix(key({"import", region, name})); cursor.valid(); cursor.next()) {
    out.emplace_back(cursor.value());
  }
  return out;
}

void StackStore::set_exports(Batch& batch, const Stack& stack,
                             const std::map<std::string, std::string>& exports) const {
  for (const auto& old : this->exports(stack.region)) {
    if (old.stack_uuid == stack.uuid && !exports.contains(old.name))
      batch.remove(key({"export", stack.region, old.name}));
  }
  for (const auto& [name, value] : exports) {
    batch.put(key({"export", stack.region, name}),
              json::serialize(json::object{{"value", value}, {"stack", stack.uuid}, {"id", stack.id}}));
  }
}

void StackStore::set_imports(Batch& batch, const Stack& stack, const std::set<std::string>& names) const {
  const auto prefix = key({"import", stack.region});
  for (auto cursor = store_.scan_prefix(prefix); cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(prefix.size());
    const auto name = take_text(rest), uuid = take_text(rest);
    if (uuid == stack.uuid && !names.contains(*name)) batch.remove(cursor.key());
  }
  for (const auto& name : names) batch.put(key({"import", stack.region, name, stack.uuid}), stack.name);
}

}  // namespace ads::cloud::cloudformation
