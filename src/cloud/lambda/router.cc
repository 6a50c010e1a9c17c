#include "cloud/lambda/router.h"

#include "base/encoding.h"
#include "http/message.h"

namespace ads::cloud::lambda {

namespace {

struct Entry {
  std::string_view method, path, operation;
  Resource resource;
  Action action;
  int status;
};

// As AWS's model has them. Those without an action answer NotImplemented by name.
constexpr Entry kEntries[] = {
    {"POST", "/2015-03-31/functions", "CreateFunction", {On::function, "FunctionName"}, create_function, 201},
    {"GET", "/2015-03-31/functions", "ListFunctions", On::everything, list_functions, 200},
    {"GET",
     "/2015-03-31/functions/{FunctionName}",
     "GetFunction",
     {On::qualified_function, "FunctionName"},
     get_function,
     200},
    {"DELETE",
     "/2015-03-31/functions/{FunctionName}",
     "DeleteFunction",
     {On::qualified_function, "FunctionName"},
     delete_function,
     204},
    {"GET",
     "/2015-03-31/functions/{FunctionName}/configuration",
     "GetFunctionConfiguration",
     {On::qualified_function, "FunctionName"},
     get_function_configuration,
     200},
    {"PUT",
     "/2015-03-31/functions/{FunctionName}/configuration",
     "UpdateFunctionConfiguration",
     {On::function, "FunctionName"},
     update_function_configuration,
     200},
    {"PUT",
     "/2015-03-31/functions/{FunctionName}/code",
     "UpdateFunctionCode",
     {On::function, "FunctionName"},
     update_function_code,
     200},
    {"POST",
     "/2015-03-31/functions/{FunctionName}/invocations",
     "Invoke",
     {On::qualified_function, "FunctionName"},
     nullptr,
     200},
    {"POST",
     "/2015-03-31/functions/{FunctionName}/versions",
     "PublishVersion",
     {On::function, "FunctionName"},
     publish_version,
     201},
    {"GET",
     "/2015-03-31/functions/{FunctionName}/versions",
     "ListVersionsByFunction",
     {On::function, "FunctionName"},
     list_versions_by_function,
     200},
    {"POST",
     "/2015-03-31/functions/{FunctionName}/aliases",
     "CreateAlias",
     {On::function, "FunctionName"},
     create_alias,
     201},
    {"GET",
     "/2015-03-31/functions/{FunctionName}/aliases",
     "ListAliases",
     {On::function, "FunctionName"},
     list_aliases,
     200},
    {"GET",
     "/2015-03-31/functions/{FunctionName}/aliases/{Name}",
     "GetAlias",
     {On::function, "FunctionName"},
     get_alias,
     200},
    {"PUT",
     "/2015-03-31/functions/{FunctionName}/aliases/{Name}",
     "UpdateAlias",
     {On::function, "FunctionName"},
     update_alias,
     200},
    {"DELETE",
     "/2015-03-31/functions/{FunctionName}/aliases/{Name}",
     "DeleteAlias",
     {On::function, "FunctionName"},
     delete_alias,
     204},
    {"POST",
     "/2015-03-31/functions/{FunctionName}/policy",
     "AddPermission",
     {On::qualified_function, "FunctionName"},
     add_permission,
     201},
    {"GET",
     "/2015-03-31/functions/{FunctionName}/policy",
     "GetPolicy",
     {On::qualified_function, "FunctionName"},
     get_policy,
     200},
    {"DELETE",
     "/2015-03-31/functions/{FunctionName}/policy/{StatementId}",
     "RemovePermission",
     {On::qualified_function, "FunctionName"},
     remove_permission,
     204},
    {"PUT",
     "/2019-09-25/functions/{FunctionName}/event-invoke-config",
     "PutFunctionEventInvokeConfig",
     {On::qualified_function, "FunctionName"},
     put_function_event_invoke_config,
     200},
    {"POST",
     "/2019-09-25/functions/{FunctionName}/event-invoke-config",
     "UpdateFunctionEventInvokeConfig",
     {On::qualified_function, "FunctionName"},
     update_function_event_invoke_config,
     200},
    {"GET",
     "/2019-09-25/functions/{FunctionName}/event-invoke-config",
     "GetFunctionEventInvokeConfig",
     {On::qualified_function, "FunctionName"},
     get_function_event_invoke_config,
     200},
    {"DELETE",
     "/2019-09-25/functions/{FunctionName}/event-invoke-config",
     "DeleteFunctionEventInvokeConfig",
     {On::qualified_function, "FunctionName"},
     delete_function_event_invoke_config,
     204},
    {"GET",
     "/2019-09-25/functions/{FunctionName}/event-invoke-config/list",
     "ListFunctionEventInvokeConfigs",
     {On::function, "FunctionName"},
     list_function_event_invoke_configs,
     200},
    {"PUT",
     "/2017-10-31/functions/{FunctionName}/concurrency",
     "PutFunctionConcurrency",
     {On::function, "FunctionName"},
     put_function_concurrency,
     200},
    {"GET",
     "/2019-09-30/functions/{FunctionName}/concurrency",
     "GetFunctionConcurrency",
     {On::function, "FunctionName"},
     get_function_concurrency,
     200},
    {"DELETE",
     "/2017-10-31/functions/{FunctionName}/concurrency",
     "DeleteFunctionConcurrency",
     {On::function, "FunctionName"},
     delete_function_concurrency,
     204},
    {"PUT",
     "/2024-08-31/functions/{FunctionName}/recursion-config",
     "PutFunctionRecursionConfig",
     {On::function, "FunctionName"},
     put_function_recursion_config,
     200},
    {"GET",
     "/2024-08-31/functions/{FunctionName}/recursion-config",
     "GetFunctionRecursionConfig",
     {On::function, "FunctionName"},
     get_function_recursion_config,
     200},
    {"GET", "/2016-08-19/account-settings", "GetAccountSettings", On::everything, get_account_settings, 200},
    {"POST", "/2017-03-31/tags/{Resource}", "TagResource", {On::arn, "Resource"}, tag_resource, 204},
    {"DELETE", "/2017-03-31/tags/{Resource}", "UntagResource", {On::arn, "Resource"}, untag_resource, 204},
    {"GET", "/2017-03-31/tags/{Resource}", "ListTags", {On::arn, "Resource"}, list_tags, 200},
    {"POST",
     "/2015-03-31/event-source-mappings",
     "CreateEventSourceMapping",
     {On::new_mapping, "FunctionName"},
     create_event_source_mapping,
     202},
    {"GET", "/2015-03-31/event-source-mappings", "ListEventSourceMappings", On::everything, list_event_source_mappings,
     200},
    {"GET",
     "/2015-03-31/event-source-mappings/{UUID}",
     "GetEventSourceMapping",
     {On::mapping, "UUID"},
     get_event_source_mapping,
     200},
    {"PUT",
     "/2015-03-31/event-source-mappings/{UUID}",
     "UpdateEventSourceMapping",
     {On::changed_mapping, "UUID"},
     update_event_source_mapping,
     202},
    {"DELETE",
     "/2015-03-31/event-source-mappings/{UUID}",
     "DeleteEventSourceMapping",
     {On::mapping, "UUID"},
     delete_event_source_mapping,
     202},
    {"POST", "/2014-11-13/functions/{FunctionName}/invoke-async", "InvokeAsync", On::everything, nullptr, 202},
    {"POST", "/2021-11-15/functions/{FunctionName}/response-streaming-invocations", "InvokeWithResponseStream",
     On::everything, nullptr, 200},
    {"POST", "/2021-10-31/functions/{FunctionName}/url", "CreateFunctionUrlConfig", On::everything, nullptr, 201},
    {"GET", "/2021-10-31/functions/{FunctionName}/url", "GetFunctionUrlConfig", On::everything, nullptr, 200},
    {"PUT", "/2021-10-31/functions/{FunctionName}/url", "UpdateFunctionUrlConfig", On::everything, nullptr, 200},
    {"DELETE", "/2021-10-31/functions/{FunctionName}/url", "DeleteFunctionUrlConfig", On::everything, nullptr, 204},
    {"GET", "/2021-10-31/functions/{FunctionName}/urls", "ListFunctionUrlConfigs", On::everything, nullptr, 200},
    {"GET", "/2020-06-30/functions/{FunctionName}/code-signing-config", "GetFunctionCodeSigningConfig", On::everything,
     nullptr, 200},
    {"PUT", "/2020-06-30/functions/{FunctionName}/code-signing-config", "PutFunctionCodeSigningConfig", On::everything,
     nullptr, 200},
    {"GET", "/2021-07-20/functions/{FunctionName}/runtime-management-config", "GetRuntimeManagementConfig",
     On::everything, nullptr, 200},
    {"PUT", "/2021-07-20/functions/{FunctionName}/runtime-management-config", "PutRuntimeManagementConfig",
     On::everything, nullptr, 200},
    {"PUT", "/2019-09-30/functions/{FunctionName}/provisioned-concurrency", "PutProvisionedConcurrencyConfig",
     On::everything, nullptr, 202},
    {"GET", "/2019-09-30/functions/{FunctionName}/provisioned-concurrency", "GetProvisionedConcurrencyConfig",
     On::everything, nullptr, 200},
    {"DELETE", "/2019-09-30/functions/{FunctionName}/provisioned-concurrency", "DeleteProvisionedConcurrencyConfig",
     On::everything, nullptr, 204},
    {"GET", "/2018-10-31/layers", "ListLayers", On::everything, nullptr, 200},
    {"POST", "/2018-10-31/layers/{LayerName}/versions", "PublishLayerVersion", On::everything, nullptr, 201},
    {"GET", "/2018-10-31/layers/{LayerName}/versions", "ListLayerVersions", On::everything, nullptr, 200},
    {"GET", "/2020-04-22/code-signing-configs", "ListCodeSigningConfigs", On::everything, nullptr, 200},
    {"POST", "/2020-04-22/code-signing-configs", "CreateCodeSigningConfig", On::everything, nullptr, 201},
};

std::string_view take_segment(std::string_view& path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool matches(std::string_view form, std::string_view path, json::object& members) {
  while (!form.empty() && !path.empty()) {
    auto wanted = take_segment(form);
    // An ARN in the tags' path may have been sent with its slashes and colons as they are.
    auto given = wanted == "{Resource}" ? path.substr(1) : take_segment(path);
    if (wanted == "{Resource}") path = {};
    if (!wanted.starts_with('{')) {
      if (wanted != given) return false;
      continue;
    }
    if (given.empty()) return false;
    members[wanted.substr(1, wanted.size() - 2)] = percent_decode(given);
  }
  return form.empty() && path.empty();
}

}  // namespace

std::optional<Route> find_route(std::string_view method, std::string_view target) {
  auto [path, query] = http::split_target(target);
  // The JavaScript SDK sends some paths with a last slash.
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  for (auto& entry : kEntries) {
    Route route{entry.operation, entry.resource, entry.action, entry.status, {}};
    if (entry.method != method || !matches(entry.path, path, route.members)) continue;
    for (auto& [name, value] : http::parse_query(query)) {
      if (name == "tagKeys") {
        auto& keys = route.members.emplace(name, json::array{}).first->value();
        keys.as_array().push_back(json::value(value));
      } else {
        route.members.emplace(name, value);
      }
    }
    return route;
  }
  return {};
}

}  // namespace ads::cloud::lambda
