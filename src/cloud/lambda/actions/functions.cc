// GetFunction, GetFunctionConfiguration, UpdateFunctionConfiguration, DeleteFunction, ListFunctions.
#include "base/ids.h"
#include "cloud/lambda/actions/actions.h"
#include "cloud/lambda/errors.h"
#include "cloud/lambda/keys.h"

namespace ads::cloud::lambda {

namespace {

ArnForm form_of(const FunctionName& name) {
  return name.qualifier.empty() ? ArnForm::unqualified : ArnForm::qualified;
}

json::object with_qualifier(json::object description, const Parts& parts, std::string_view region,
                            const FunctionName& name) {
  // An alias stays in the ARN that is answered for it.
  if (!name.qualifier.empty()) description["FunctionArn"] = parts.state.arn(region, name);
  return description;
}

}  // namespace

Task<Reply> get_function_configuration(Parts& parts, std::string region, json::object input) {
  auto name = named(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto function = parts.state.resolve(region, *name);
  if (!function) co_return refuse(function.error());
  co_return with_qualifier(describe(*function, parts.environment.account, form_of(*name)), parts, region, *name);
}

Task<Reply> get_function(Parts& parts, std::string region, json::object input) {
  auto name = named(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto configuration = co_await get_function_configuration(parts, region, input);
  if (!configuration) co_return configuration;
  auto about = parts.state.about(region, name->name);
  // Code.Location, AWS's presigned link to the package, has no counterpart here.
  json::object reply{{"Configuration", std::move(*configuration)}, {"Code", {{"RepositoryType", "S3"}}}};
  if (about && !about->tags.empty()) {
    json::object tags;
    for (auto& [key, value] : about->tags) tags[key] = value;
    reply["Tags"] = std::move(tags);
  }
  if (about && about->reserved_concurrency)
    reply["Concurrency"] = json::object{{"ReservedConcurrentExecutions", *about->reserved_concurrency}};
  co_return reply;
}

Task<Reply> update_function_configuration(Parts& parts, std::string region, json::object input) {
  auto name = named(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto function = parts.state.find(region, name->name, "$LATEST");
  if (!function) co_return refuse(function_not_found(parts.state.arn(region, *name)));
  if (auto revision = get_string(input, "RevisionId"); revision && *revision != function->revision_id)
    co_return refuse(precondition_failed());
  input.erase("Architectures");  // belongs to UpdateFunctionCode
  if (auto applied = apply_configuration(*function, input); !applied) co_return refuse(applied.error());
  function->last_modified = timestamp(parts.environment.clock.now());
  function->revision_id = random_uuid();
  Batch batch;
  parts.state.put(batch, *function);
  if (auto stored = co_await commit(parts, std::move(batch)); !stored) co_return refuse(stored.error());
  parts.pool.retire(region, function->name);
  co_return describe(*function, parts.environment.account, ArnForm::unqualified);
}

Task<Reply> delete_function(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  Batch batch;
  std::vector<std::string> packages;
  if (name->qualifier.empty()) {
    for (auto& version : parts.state.versions(region, name->name)) packages.push_back(version.code_sha);
    parts.state.remove_function(batch, region, name->name);
  } else {
    if (name->qualifier == "$LATEST")
      co_return refuse(invalid_parameter("$LATEST version cannot be deleted without deleting the function."));
    auto version = parts.state.find(region, name->name, name->qualifier);
    if (!version) co_return refuse(invalid_parameter("An alias is deleted with DeleteAlias."));
    for (auto& alias : parts.state.aliases(region, name->name))
      if (alias.version == name->qualifier || alias.weights.contains(name->qualifier))
        co_return refuse(conflict(
            fmt::format("Version {} is in use by an alias: {}. Update the alias first.", name->qualifier, alias.name)));
    packages.push_back(version->code_sha);
    parts.state.remove_version(batch, *version);
  }
  if (auto stored = co_await commit(parts, std::move(batch)); !stored) co_return refuse(stored.error());
  parts.pool.retire(region, name->name);
  for (auto& sha : packages)
    if (!parts.state.is_code_used(sha)) co_await parts.codes.forget(sha);
  co_return json::object{};
}

Task<Reply> list_functions(Parts& parts, std::string region, json::object input) {
  auto page = page_of(input, 50);
  if (!page) co_return refuse(page.error());
  if (get_string(input, "MasterRegion")) co_return refuse(not_implemented("ListFunctions with MasterRegion"));
  bool is_all = get_string(input, "FunctionVersion").value_or("") == "ALL";
  auto prefix = key_of({"fn", region});
  // The marker is "name:version" of the last one answered.
  std::string from = prefix;
  if (auto colon = page->after.rfind(':'); colon != std::string::npos) {
    from = function_key(region, page->after.substr(0, colon), page->after.substr(colon + 1));
    from += '\0';
  }
  json::array functions;
  json::object reply;
  std::string last;
  for (auto cursor = parts.state.store().scan(from, after_prefix(prefix)); cursor.valid(); cursor.next()) {
    auto function = parts.state.read(cursor);
    if (!function || (!is_all && function->version != "$LATEST")) continue;
    if (functions.size() == page->most) {
      reply["NextMarker"] = last;
      break;
    }
    functions.push_back(
        describe(*function, parts.environment.account, is_all ? ArnForm::qualified : ArnForm::unqualified));
    last = function->name + ":" + function->version;
  }
  reply["Functions"] = std::move(functions);
  co_return reply;
}

}  // namespace ads::cloud::lambda
