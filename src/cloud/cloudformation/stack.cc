#include "cloud/cloudformation/stack.h"

namespace ads::cloud::cloudformation {
namespace {

std::int64_t millis(SystemTime time) {
  return time.time_since_epoch().count();
}
SystemTime time_at(const json::object& o, std::string_view name) {
  return SystemTime(std::chrono::milliseconds(get_integer(o, name).value_or(0)));
}
std::string text(const json::object& o, std::string_view name) {
  return std::string(get_string(o, name).value_or(""));
}

template <class Enum>
Enum number(const json::object& o, std::string_view name) {
  return static_cast<Enum>(get_integer(o, name).value_or(0));
}

json::object object_at(const json::object& o, std::string_view name) {
  const auto* found = get_object(o, name);
  return found != nullptr ? *found : json::object{};
}
json::array array_at(const json::object& o, std::string_view name) {
  const auto* found = get_array(o, name);
  return found != nullptr ? *found : json::array{};
}

json::array names(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}
std::vector<std::string> names_at(const json::object& o, std::string_view name) {
  std::vector<std::string> out;
  for (const auto& entry : array_at(o, name)) out.emplace_back(entry.as_string());
  return out;
}

json::object to_json(const ParameterValues& values) {
  json::object out;
  for (const auto& [name, value] : values) out[name] = value;
  return out;
}
ParameterValues values_at(const json::object& o, std::string_view name) {
  ParameterValues out;
  for (const auto& [key, value] : object_at(o, name)) out.emplace(key, value.as_string());
  return out;
}

json::object to_json(const Definition& d) {
  json::object o{{"template", d.template_text},
                 {"values", to_json(d.values)},
                 {"tags", d.tags},
                 {"capabilities", d.capabilities},
                 {"stored", to_json(d.stored)}};
  if (d.secrets) o["secrets"] = json::array(d.secrets->begin(), d.secrets->end());
  return o;
}

Definition definition_at(const json::object& o, std::string_view name) {
  const auto from = object_at(o, name);
  Definition d{.template_text = text(from, "template"), .tags = array_at(from, "tags")};
  d.capabilities = array_at(from, "capabilities");
  d.values = values_at(from, "values");
  d.stored = values_at(from, "stored");
  if (const auto* secrets = get_array(from, "secrets")) {
    d.secrets.emplace();
    for (const auto& name : *secrets) d.secrets->emplace(name.as_string());
  }
  return d;
}

json::object to_json(const ResourceVersion& v) {
  json::object o{{"physicalId", v.state.physical_id},
                 {"ref", v.state.ref},
                 {"attributes", v.state.attributes},
                 {"properties", v.properties},
                 {"metadata", v.metadata},
                 {"needs", names(v.needs)},
                 {"deletionPolicy", static_cast<int>(v.deletion_policy)},
                 {"replacePolicy", static_cast<int>(v.replace_policy)}};
  if (v.written) o["written"] = *v.written;
  if (v.shown) o["shown"] = *v.shown;
  return o;
}

ResourceVersion version_at(const json::object& o) {
  ResourceVersion v;
  v.state = {text(o, "physicalId"), text(o, "ref"), object_at(o, "attributes")};
  v.properties = object_at(o, "properties");
  if (o.contains("written")) v.written = object_at(o, "written");
  if (o.contains("shown")) v.shown = object_at(o, "shown");
  v.metadata = object_at(o, "metadata");
  v.needs = names_at(o, "needs");
  v.deletion_policy = number<DeletionPolicy>(o, "deletionPolicy");
  v.replace_policy = number<DeletionPolicy>(o, "replacePolicy");
  return v;
}

std::optional<json::object> parsed(std::string_view text) {
  auto object = parse_json_object(text);
  if (!object) return std::nullopt;
  return *std::move(object);
}

}  // namespace

ParameterValues Definition::effective() const {
  auto out = values;
  for (const auto& [name, value] : stored) out[name] = value;
  return out;
}

bool Definition::is_secret(std::string_view parameter) const {
  if (secrets) return secrets->contains(parameter);
  const auto parsed = read_template(template_text);
  const auto* declared = parsed ? parsed->parameter(parameter) : nullptr;
  return declared == nullptr || declared->is_secret;
}

const ResourceVersion* Resource::standing() const {
  if (now.exists()) return &now;
  return before && before->exists() ? &*before : nullptr;
}

const ResourceVersion* Resource::superseded() const {
  if (action != Touch::replace || !from || !from->exists()) return nullptr;
  const bool is_before = before && before->state.physical_id == from->state.physical_id;
  return is_before || from->state.physical_id == now.state.physical_id ? nullptr : &*from;
}

std::string write(const Stack& s) {
  json::object o{{"region", s.region},
                 {"uuid", s.uuid},
                 {"name", s.name},
                 {"id", s.id},
                 {"description", s.description},
                 {"status", s.status},
                 {"reason", s.reason},
                 {"definition", to_json(s.definition)},
                 {"created", millis(s.created)},
                 {"protected", s.is_protected},
                 {"onFailure", s.on_failure},
                 {"timeout", s.timeout_minutes},
                 {"role", s.role_arn},
                 {"changeSet", s.change_set_id},
                 {"token", s.client_token},
                 {"tokenAction", s.token_action},
                 {"outputs", s.outputs}};
  if (s.updated) o["updated"] = millis(*s.updated);
  if (s.deleted) o["deleted"] = millis(*s.deleted);
  return json::serialize(o);
}

std::optional<Stack> read_stack(std::string_view stored) {
  const auto o = parsed(stored);
  if (!o) return std::nullopt;
  Stack s{.region = text(*o, "region"), .uuid = text(*o, "uuid"), .name = text(*o, "name"), .id = text(*o, "id")};
  s.description = text(*o, "description");
  s.status = text(*o, "status");
  s.reason = text(*o, "reason");
  s.definition = definition_at(*o, "definition");
  s.created = time_at(*o, "created");
  if (o->contains("updated")) s.updated = time_at(*o, "updated");
  if (o->contains("deleted")) s.deleted = time_at(*o, "deleted");
  s.is_protected = get_bool(*o, "protected").value_or(false);
  s.on_failure = text(*o, "onFailure");
  s.timeout_minutes = number<int>(*o, "timeout");
  s.role_arn = text(*o, "role");
  s.change_set_id = text(*o, "changeSet");
  s.client_token = text(*o, "token");
  s.token_action = text(*o, "tokenAction");
  s.outputs = array_at(*o, "outputs");
  return s;
}

std::string write(const Resource& r) {
  json::object o{{"id", r.logical_id},
                 {"type", r.type},
                 {"status", r.status},
                 {"reason", r.reason},
                 {"changed", millis(r.changed)},
                 {"now", to_json(r.now)},
                 {"operation", r.operation},
                 {"touch", static_cast<int>(r.touch)},
                 {"action", static_cast<int>(r.action)},
                 {"stage", static_cast<int>(r.stage)},
                 {"carried", r.is_carried}};
  if (r.before) o["before"] = to_json(*r.before);
  if (r.from) o["from"] = to_json(*r.from);
  return json::serialize(o);
}

std::optional<Resource> read_resource(std::string_view stored) {
  const auto o = parsed(stored);
  if (!o) return std::nullopt;
  Resource r{.logical_id = text(*o, "id"), .type = text(*o, "type"), .status = text(*o, "status")};
  r.reason = text(*o, "reason");
  r.changed = time_at(*o, "changed");
  r.now = version_at(object_at(*o, "now"));
  if (o->contains("before")) r.before = version_at(object_at(*o, "before"));
  if (o->contains("from")) r.from = version_at(object_at(*o, "from"));
  r.operation = text(*o, "operation");
  r.touch = number<Touch>(*o, "touch");
  r.action = number<Touch>(*o, "action");
  r.stage = number<Stage>(*o, "stage");
  r.is_carried = get_bool(*o, "carried").value_or(false);
  return r;
}

std::string write(const Operation& p) {
  json::array doomed;
  for (const auto& d : p.doomed) {
    doomed.push_back(json::object{{"id", d.logical_id},
                                  {"type", d.type},
                                  {"physicalId", d.physical_id},
                                  {"properties", d.properties},
                                  {"needs", names(d.needs)},
                                  {"fate", static_cast<int>(d.fate)},
                                  {"record", static_cast<int>(d.record)}});
  }
  return json::serialize(json::object{{"region", p.region},
                                      {"uuid", p.uuid},
                                      {"id", p.id},
                                      {"kind", static_cast<int>(p.kind)},
                                      {"phase", static_cast<int>(p.phase)},
                                      {"token", p.client_token},
                                      {"started", millis(p.started)},
                                      {"keepsFailed", p.conduct.keeps_failed},
                                      {"removesRetained", p.conduct.removes_retained},
                                      {"interruption", static_cast<int>(p.interruption)},
                                      {"imports", to_json(p.imports)},
                                      {"previous", to_json(p.previous)},
                                      {"doomed", std::move(doomed)},
                                      {"failed", names(p.failed)},
                                      {"finalStatus", p.final_status},
                                      {"failedStatus", p.failed_status},
                                      {"reason", p.reason}});
}

std::optional<Operation> read_operation(std::string_view stored) {
  const auto o = parsed(stored);
  if (!o) return std::nullopt;
  Operation p{.region = text(*o, "region"), .uuid = text(*o, "uuid"), .id = text(*o, "id")};
  p.kind = number<OperationKind>(*o, "kind");
  p.phase = number<Phase>(*o, "phase");
  p.client_token = text(*o, "token");
  p.started = time_at(*o, "started");
  p.conduct.keeps_failed = get_bool(*o, "keepsFailed").value_or(false);
  p.conduct.removes_retained = get_bool(*o, "removesRetained").value_or(false);
  p.interruption = number<Interruption>(*o, "interruption");
  p.imports = values_at(*o, "imports");
  p.previous = definition_at(*o, "previous");
  for (const auto& entry : array_at(*o, "doomed")) {
    const auto& d = entry.as_object();
    p.doomed.push_back({text(d, "id"), text(d, "type"), text(d, "physicalId"), object_at(d, "properties"),
                        names_at(d, "needs"), number<Doomed::Fate>(d, "fate"), number<Doomed::Record>(d, "record")});
  }
  p.failed = names_at(*o, "failed");
  p.final_status = text(*o, "finalStatus");
  p.failed_status = text(*o, "failedStatus");
  p.reason = text(*o, "reason");
  return p;
}

std::string write(const ChangeSet& c) {
  return json::serialize(json::object{{"name", c.name},
                                      {"id", c.id},
                                      {"uuid", c.uuid},
                                      {"description", c.description},
                                      {"type", c.type},
                                      {"status", c.status},
                                      {"reason", c.reason},
                                      {"execution", c.execution_status},
                                      {"token", c.client_token},
                                      {"onFailure", c.on_failure},
                                      {"created", millis(c.created)},
                                      {"definition", to_json(c.definition)},
                                      {"changes", c.changes},
                                      {"importsExisting", c.imports_existing},
                                      {"imports", to_json(c.imports)}});
}

std::optional<ChangeSet> read_change_set(std::string_view stored) {
  const auto o = parsed(stored);
  if (!o) return std::nullopt;
  ChangeSet c{.name = text(*o, "name"), .id = text(*o, "id"), .uuid = text(*o, "uuid")};
  c.description = text(*o, "description");
  c.type = text(*o, "type");
  c.status = text(*o, "status");
  c.reason = text(*o, "reason");
  c.execution_status = text(*o, "execution");
  c.client_token = text(*o, "token");
  c.on_failure = text(*o, "onFailure");
  c.created = time_at(*o, "created");
  c.definition = definition_at(*o, "definition");
  c.changes = array_at(*o, "changes");
  c.imports_existing = get_bool(*o, "importsExisting").value_or(false);
  c.imports = values_at(*o, "imports");
  return c;
}

bool is_in_progress(std::string_view status) {
  return status.ends_with("_IN_PROGRESS");
}

}  // namespace ads::cloud::cloudformation
