// CreateAlias, GetAlias, UpdateAlias, DeleteAlias, ListAliases.
#include "base/ids.h"
#include "cloud/lambda/actions/actions.h"
#include "cloud/lambda/errors.h"
#include "cloud/lambda/keys.h"

namespace ads::cloud::lambda {

namespace {

// Sets what the input says; the versions it names must exist.
Outcome<void> change(const Parts& parts, std::string_view region, std::string_view function, Alias& alias,
                     const json::object& input) {
  if (auto version = get_string(input, "FunctionVersion")) alias.version = *version;
  if (auto description = get_string(input, "Description")) alias.description = *description;
  if (!parts.state.find(region, function, alias.version))
    return refuse(function_not_found(function_arn(region, parts.environment.account, function, alias.version)));
  auto* routing = get_object(input, "RoutingConfig");
  if (!routing) return {};
  alias.weights.clear();
  auto* weights = get_object(*routing, "AdditionalVersionWeights");
  if (!weights) return {};
  if (weights->size() > 1)
    return refuse(invalid_parameter("Number of items in AdditionalVersionWeights cannot be greater than 1"));
  for (auto& [version, weight] : *weights) {
    if (alias.version == "$LATEST" || version == "$LATEST")
      return refuse(invalid_parameter("$LATEST is not supported for an alias pointing to more than 1 version"));
    double share = weight.is_number() ? weight.to_number<double>() : -1;
    if (share < 0 || share > 1)
      return refuse(invalid_parameter("Additional version weight must be between 0.0 and 1.0"));
    if (!parts.state.find(region, function, version))
      return refuse(
          function_not_found(function_arn(region, parts.environment.account, function, std::string_view(version))));
    alias.weights[version] = share;
  }
  return {};
}

Outcome<Alias> find(const Parts& parts, std::string_view region, const FunctionName& name, const json::object& input) {
  std::string alias(get_string(input, "Name").value_or(""));
  if (auto found = parts.state.alias(region, name.name, alias)) return std::move(*found);
  return refuse(
      not_found("Cannot find alias arn: " + function_arn(region, parts.environment.account, name.name, alias)));
}

Task<Reply> store(Parts& parts, std::string region, std::string function, Alias alias) {
  alias.revision_id = random_uuid();
  Batch batch;
  parts.state.put(batch, region, function, alias);
  if (auto stored = co_await commit(parts, std::move(batch)); !stored) co_return refuse(stored.error());
  co_return describe(alias, region, parts.environment.account, function);
}

}  // namespace

Task<Reply> create_alias(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto given = get_string(input, "Name").value_or("");
  bool is_number = !given.empty(), is_word = !given.empty() && given.size() <= 128;
  for (unsigned char c : given) {
    is_number = is_number && std::isdigit(c);
    is_word = is_word && (std::isalnum(c) || c == '-' || c == '_');
  }
  if (!is_word || is_number)
    co_return refuse(
        invalid_member("name", given, "Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)"));
  Alias alias{.name = std::string(given)};
  if (parts.state.alias(region, name->name, alias.name))
    co_return refuse(
        conflict("Alias already exists: " + function_arn(region, parts.environment.account, name->name, alias.name)));
  if (auto changed = change(parts, region, name->name, alias, input); !changed) co_return refuse(changed.error());
  co_return co_await store(parts, region, name->name, std::move(alias));
}

Task<Reply> get_alias(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto alias = find(parts, region, *name, input);
  if (!alias) co_return refuse(alias.error());
  co_return describe(*alias, region, parts.environment.account, name->name);
}

Task<Reply> update_alias(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto alias = find(parts, region, *name, input);
  if (!alias) co_return refuse(alias.error());
  if (auto revision = get_string(input, "RevisionId"); revision && *revision != alias->revision_id)
    co_return refuse(precondition_failed());
  if (auto changed = change(parts, region, name->name, *alias, input); !changed) co_return refuse(changed.error());
  co_return co_await store(parts, region, name->name, std::move(*alias));
}

Task<Reply> delete_alias(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  Batch batch;
  batch.remove(alias_key(region, name->name, get_string(input, "Name").value_or("")));
  if (auto stored = co_await commit(parts, std::move(batch)); !stored) co_return refuse(stored.error());
  co_return json::object{};
}

Task<Reply> list_aliases(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto page = page_of(input, 50);
  if (!page) co_return refuse(page.error());
  auto version = get_string(input, "FunctionVersion").value_or("");
  json::array aliases;
  json::object reply;
  std::string last;
  for (auto& alias : parts.state.aliases(region, name->name)) {
    if (alias.name <= page->after || (!version.empty() && alias.version != version)) continue;
    if (aliases.size() == page->most) {
      reply["NextMarker"] = last;
      break;
    }
    aliases.push_back(describe(alias, region, parts.environment.account, name->name));
    last = alias.name;
  }
  reply["Aliases"] = std::move(aliases);
  co_return reply;
}

}  // namespace ads::cloud::lambda
