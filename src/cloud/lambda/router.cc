#include "cloud/lambda/router.h"

#include "base/encoding.h"
#include "http/message.h"

namespace ads::cloud::lambda {

namespace {

struct Entry {
  std::string_view method, path, operation;
  Action action;
  int status;
};

// As AWS's model has them. Those without an action answer NotImplemented by name.
constexpr Entry kEntries[] = {
    {"POST", "/2015-03-31/functions", "CreateFunction", create_function, 201},
    {"GET", "/2015-03-31/functions", "ListFunctions", list_functions, 200},
    {"GET", "/2015-03-31/functions/{FunctionName}", "GetFunction", get_function, 200},
    {"DELETE", "/2015-03-31/functions/{FunctionName}", "DeleteFunction", delete_function, 204},
    {"GET", "/2015-03-31/functions/{FunctionName}/configuration", "GetFunctionConfiguration",
     get_function_configuration, 200},
    {"PUT", "/2015-03-31/functions/{FunctionName}/configuration", "UpdateFunctionConfiguration",
     update_function_configuration, 200},
    {"PUT", "/2015-03-31/functions/{FunctionName}/code", "UpdateFunctionCode", update_function_code, 200},
    {"POST", "/2015-03-31/functions/{FunctionName}/invocations", "Invoke", nullptr, 200},
    {"POST", "/2015-03-31/functions/{FunctionName}/versions", "PublishVersion", publish_version, 201},
    {"GET", "/2015-03-31/functions/{FunctionName}/versions", "ListVersionsByFunction", list_versions_by_function, 200},
    {"POST", "/2015-03-31/functions/{FunctionName}/aliases", "CreateAlias", create_alias, 201},
    {"GET", "/2015-03-31/functions/{FunctionName}/aliases", "ListAliases", list_aliases, 200},
    {"GET", "/2015-03-31/functions/{FunctionName}/aliases/{Name}", "GetAlias", get_alias, 200},
    {"PUT", "/2015-03-31/functions/{FunctionName}/aliases/{Name}", "UpdateAlias", update_alias, 200},
    {"DELETE", "/2015-03-31/functions/{FunctionName}/aliases/{Name}", "DeleteAlias", delete_alias, 204},
    {"POST", "/2015-03-31/functions/{FunctionName}/policy", "AddPermission", add_permission, 201},
    {"GET", "/2015-03-31/functions/{FunctionName}/policy", "GetPolicy", get_policy, 200},
    {"DELETE", "/2015-03-31/functions/{FunctionName}/policy/{StatementId}", "RemovePermission", remove_permission, 204},
    {"PUT", "/2019-09-25/functions/{FunctionName}/event-invoke-config", "PutFunctionEventInvokeConfig",
     put_function_event_invoke_config, 200},
    {"POST", "/2019-09-25/functions/{FunctionName}/event-invoke-config", "UpdateFunctionEventInvokeConfig",
     update_function_event_invoke_config, 200},
    {"GET", "/2019-09-25/functions/{FunctionName}/event-invoke-config", "GetFunctionEventInvokeConfig",
     get_function_event_invoke_config, 200},
    {"DELETE", "/2019-09-25/functions/{FunctionName}/event-invoke-config", "DeleteFunctionEventInvokeConfig",
     delete_function_event_invoke_config, 204},
    {"GET", "/2019-09-25/functions/{FunctionName}/event-invoke-config/list", "ListFunctionEventInvokeConfigs",
     list_function_event_invoke_configs, 200},
    {"PUT", "/2017-10-31/functions/{FunctionName}/concurrency", "PutFunctionConcurrency", put_function_concurrency,
     200},
    {"GET", "/2019-09-30/functions/{FunctionName}/concurrency", "GetFunctionConcurrency", get_function_concurrency,
     200},
    {"DELETE", "/2017-10-31/functions/{FunctionName}/concurrency", "DeleteFunctionConcurrency",
     delete_function_concurrency, 204},
    {"PUT", "/2024-08-31/functions/{FunctionName}/recursion-config", "PutFunctionRecursionConfig",
     put_function_recursion_config, 200},
    {"GET", "/2024-08-31/functions/{FunctionName}/recursion-config", "GetFunctionRecursionConfig",
     get_function_recursion_config, 200},
    {"GET", "/2016-08-19/account-settings", "GetAccountSettings", get_account_settings, 200},
    {"POST", "/2017-03-31/tags/{Resource}", "TagResource", tag_resource, 204},
    {"DELETE", "/2017-03-31/tags/{Resource}", "UntagResource", untag_resource, 204},
    {"GET", "/2017-03-31/tags/{Resource}", "ListTags", list_tags, 200},
    {"POST", "/2015-03-31/event-source-mappings", "CreateEventSourceMapping", create_event_source_mapping, 202},
    {"GET", "/2015-03-31/event-source-mappings", "ListEventSourceMappings", list_event_source_mappings, 200},
    {"GET", "/2015-03-31/event-source-mappings/{UUID}", "GetEventSourceMapping", get_event_source_mapping, 200},
    {"PUT", "/2015-03-31/event-source-mappings/{UUID}", "UpdateEventSourceMapping", update_event_source_mapping, 202},
    {"DELETE", "/2015-03-31/event-source-mappings/{UUID}", "DeleteEventSourceMapping", delete_event_source_mapping,
     202},
    {"POST", "/2014-11-13/functions/{FunctionName}/invoke-async", "InvokeAsync", nullptr, 202},
    {"POST", "/2021-11-15/functions/{FunctionName}/response-streaming-invocations", "InvokeWithResponseStream", nullptr,
     200},
    {"POST", "/2021-10-31/functions/{FunctionName}/url", "CreateFunctionUrlConfig", nullptr, 201},
    {"GET", "/2021-10-31/functions/{FunctionName}/url", "GetFunctionUrlConfig", nullptr, 200},
    {"PUT", "/2021-10-31/functions/{FunctionName}/url", "UpdateFunctionUrlConfig", nullptr, 200},
    {"DELETE", "/2021-10-31/functions/{FunctionName}/url", "DeleteFunctionUrlConfig", nullptr, 204},
    {"GET", "/2021-10-31/functions/{FunctionName}/urls", "ListFunctionUrlConfigs", nullptr, 200},
    {"GET", "/2020-06-30/functions/{FunctionName}/code-signing-config", "GetFunctionCodeSigningConfig", nullptr, 200},
    {"PUT", "/2020-06-30/functions/{FunctionName}/code-signing-config", "PutFunctionCodeSigningConfig", nullptr, 200},
    {"GET", "/2021-07-20/functions/{FunctionName}/runtime-management-config", "GetRuntimeManagementConfig", nullptr,
     200},
    {"PUT", "/2021-07-20/functions/{FunctionName}/runtime-management-config", "PutRuntimeManagementConfig", nullptr,
     200},
    {"PUT", "/2019-09-30/functions/{FunctionName}/provisioned-concurrency", "PutProvisionedConcurrencyConfig", nullptr,
     202},
    {"GET", "/2019-09-30/functions/{FunctionName}/provisioned-concurrency", "GetProvisionedConcurrencyConfig", nullptr,
     200},
    {"DELETE", "/2019-09-30/functions/{FunctionName}/provisioned-concurrency", "DeleteProvisionedConcurrencyConfig",
     nullptr, 204},
    {"GET", "/2018-10-31/layers", "ListLayers", nullptr, 200},
    {"POST", "/2018-10-31/layers/{LayerName}/versions", "PublishLayerVersion", nullptr, 201},
    {"GET", "/2018-10-31/layers/{LayerName}/versions", "ListLayerVersions", nullptr, 200},
    {"GET", "/2020-04-22/code-signing-configs", "ListCodeSigningConfigs", nullptr, 200},
    {"POST", "/2020-04-22/code-signing-configs", "CreateCodeSigningConfig", nullptr, 201},
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
    Route route{entry.operation, entry.action, entry.status, {}};
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
