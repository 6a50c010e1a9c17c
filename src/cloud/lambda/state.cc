#include "cloud/lambda/state.h"

#include <random>

#include "cloud/lambda/errors.h"
#include "cloud/lambda/keys.h"

namespace ads::cloud::lambda {

namespace {

std::optional<Alias> read_alias(std::string_view text) {
  auto parsed = parse_json_object(text);
  if (!parsed) return {};
  Alias alias;
  alias.name = get_string(*parsed, "name").value_or("");
  alias.version = get_string(*parsed, "version").value_or("");
  alias.description = get_string(*parsed, "description").value_or("");
  alias.revision_id = get_string(*parsed, "revisionId").value_or("");
  if (auto* weights = get_object(*parsed, "weights"))
    for (auto& [version, weight] : *weights)
      if (weight.is_number()) alias.weights[version] = weight.to_number<double>();
  return alias;
}

double draw() {
  static std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(random);
}

}  // namespace

std::optional<Function> State::find(std::string_view region, std::string_view name, std::string_view version) const {
  const auto key = function_key(region, name, version);
  auto stored = store_.get(key);
  return stored ? read_function(secrets_.open_record(*stored, key)) : std::nullopt;
}

std::optional<Function> State::read(const Cursor& cursor) const {
  return read_function(secrets_.open_record(cursor.value(), cursor.key()));
}

Result<void> State::seal_functions() {
  Batch batch;
  secrets_.seal_records(store_, batch, key_of({"fn"}));
  return store_.apply(std::move(batch));
}

Outcome<Function> State::resolve(std::string_view region, const FunctionName& name) const {
  std::string version = name.qualifier.empty() ? "$LATEST" : name.qualifier;
  if (auto named = alias(region, name.name, version)) {
    version = named->version;
    for (auto& [other, weight] : named->weights)
      if (draw() < weight) version = other;
  }
  if (auto function = find(region, name.name, version)) return std::move(*function);
  return refuse(function_not_found(arn(region, name)));
}

std::optional<About> State::about(std::string_view region, std::string_view name) const {
  auto text = store_.get(about_key(region, name));
  if (!text) return {};
  auto parsed = parse_json_object(*text);
  if (!parsed) return {};
  About about;
  if (auto* tags = get_object(*parsed, "tags"))
    for (auto& [key, value] : *tags) about.tags[key] = value.as_string();
  if (auto reserved = get_integer(*parsed, "reserved")) about.reserved_concurrency = static_cast<int>(*reserved);
  about.recursive_loop = get_string(*parsed, "recursiveLoop").value_or("Terminate");
  about.last_version = get_integer(*parsed, "lastVersion").value_or(0);
  about.policy_revision = get_string(*parsed, "policyRevision").value_or("");
  if (auto* policies = get_object(*parsed, "policies"))
    for (auto& [qualifier, statements] : *policies)
      if (statements.is_array()) about.policies[qualifier] = statements.as_array();
  return about;
}

void State::put(Batch& batch, std::string_view region, std::string_view name, const About& about) const {
  json::object tags, policies;
  for (auto& [key, value] : about.tags) tags[key] = value;
  for (auto& [qualifier, statements] : about.policies)
    if (!statements.empty()) policies[qualifier] = statements;
  json::object value{{"tags", std::move(tags)},
                     {"recursiveLoop", about.recursive_loop},
                     {"lastVersion", about.last_version},
                     {"policies", std::move(policies)},
                     {"policyRevision", about.policy_revision}};
  if (about.reserved_concurrency) value["reserved"] = *about.reserved_concurrency;
  batch.put(about_key(region, name), json::serialize(value));
}

std::optional<Alias> State::alias(std::string_view region, std::string_view name, std::string_view alias) const {
  auto text = store_.get(alias_key(region, name, alias));
  return text ? read_alias(*text) : std::nullopt;
}

void State::put(Batch& batch, std::string_view region, std::string_view name, const Alias& alias) const {
  json::object weights;
  for (auto& [version, weight] : alias.weights) weights[version] = weight;
  json::object value{{"name", alias.name},
                     {"version", alias.version},
                     {"description", alias.description},
                     {"revisionId", alias.revision_id},
                     {"weights", std::move(weights)}};
  batch.put(alias_key(region, name, alias.name), json::serialize(value));
}

std::optional<InvokeConfig> State::invoke_config(std::string_view region, std::string_view name,
                                                 std::string_view qualifier) const {
  auto text = store_.get(invoke_config_key(region, name, qualifier.empty() ? "$LATEST" : qualifier));
  if (!text) return {};
  auto parsed = parse_json_object(*text);
  if (!parsed) return {};
  InvokeConfig config;
  if (auto retries = get_integer(*parsed, "retries"))
    config.maximum_retries = static_cast<int>(*retries), config.has_retries = true;
  if (auto age = get_integer(*parsed, "age")) config.maximum_age = static_cast<int>(*age), config.has_age = true;
  config.on_success = get_string(*parsed, "onSuccess").value_or("");
  config.on_failure = get_string(*parsed, "onFailure").value_or("");
  config.last_modified = get_integer(*parsed, "lastModified").value_or(0);
  return config;
}

void State::put(Batch& batch, std::string_view region, std::string_view name, std::string_view qualifier,
                const InvokeConfig& config) const {
  json::object value{
      {"onSuccess", config.on_success}, {"onFailure", config.on_failure}, {"lastModified", config.last_modified}};
  if (config.has_retries) value["retries"] = config.maximum_retries;
  if (config.has_age) value["age"] = config.maximum_age;
  batch.put(invoke_config_key(region, name, qualifier.empty() ? "$LATEST" : qualifier), json::serialize(value));
}

std::vector<Function> State::versions(std::string_view region, std::string_view name) const {
  std::vector<Function> out;
  for (auto cursor = store_.scan_prefix(key_of({"fn", region, name})); cursor.valid(); cursor.next())
    if (auto function = read(cursor)) out.push_back(std::move(*function));
  return out;
}

std::vector<Alias> State::aliases(std::string_view region, std::string_view name) const {
  std::vector<Alias> out;
  for (auto cursor = store_.scan_prefix(key_of({"alias", region, name})); cursor.valid(); cursor.next())
    if (auto alias = read_alias(cursor.value())) out.push_back(std::move(*alias));
  return out;
}

void State::put(Batch& batch, const Function& function) const {
  if (auto before = find(function.region, function.name, function.version);
      before && before->code_sha != function.code_sha)
    batch.remove(code_key(before->code_sha, function.region, function.name, function.version));
  const auto key = function_key(function.region, function.name, function.version);
  batch.put(key, secrets_.seal(json::serialize(to_json(function)), key));
  batch.put(code_key(function.code_sha, function.region, function.name, function.version), "");
}

void State::remove_version(Batch& batch, const Function& function) const {
  batch.remove(function_key(function.region, function.name, function.version));
  batch.remove(code_key(function.code_sha, function.region, function.name, function.version));
  batch.remove(invoke_config_key(function.region, function.name, function.version));
}

void State::remove_function(Batch& batch, std::string_view region, std::string_view name) const {
  for (auto& function : versions(region, name)) remove_version(batch, function);
  batch.remove(about_key(region, name));
  for (auto prefix : {key_of({"alias", region, name}), key_of({"invoke", region, name}), async_prefix(region, name)})
    batch.remove_range(prefix, after_prefix(prefix));
}

bool State::is_code_used(std::string_view sha) const {
  return store_.scan_prefix(key_of({"code", sha})).valid();
}

json::object describe(const Alias& alias, std::string_view region, std::string_view account, std::string_view name) {
  json::object out{{"AliasArn", function_arn(region, account, name, alias.name)},
                   {"Name", alias.name},
                   {"FunctionVersion", alias.version},
                   {"Description", alias.description},
                   {"RevisionId", alias.revision_id}};
  if (!alias.weights.empty()) {
    json::object weights;
    for (auto& [version, weight] : alias.weights) weights[version] = weight;
    out["RoutingConfig"] = json::object{{"AdditionalVersionWeights", std::move(weights)}};
  }
  return out;
}

json::object describe(const InvokeConfig& config, std::string_view arn) {
  json::object success, failure;
  if (!config.on_success.empty()) success["Destination"] = config.on_success;
  if (!config.on_failure.empty()) failure["Destination"] = config.on_failure;
  json::object out{{"LastModified", config.last_modified / 1000.0},
                   {"FunctionArn", arn},
                   {"DestinationConfig", {{"OnSuccess", std::move(success)}, {"OnFailure", std::move(failure)}}}};
  if (config.has_retries) out["MaximumRetryAttempts"] = config.maximum_retries;
  if (config.has_age) out["MaximumEventAgeInSeconds"] = config.maximum_age;
  return out;
}

}  // namespace ads::cloud::lambda
