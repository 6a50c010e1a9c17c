// Lambda's operations. Input: the members of AWS's model, wherever the request carried them (path, query, body).
#pragma once
#include <string>

#include "base/json.h"
#include "cloud/access.h"
#include "cloud/environment.h"
#include "cloud/lambda/async_queue.h"
#include "cloud/lambda/code_store.h"
#include "cloud/lambda/event_source.h"
#include "cloud/lambda/limits.h"
#include "cloud/lambda/pool.h"
#include "cloud/lambda/state.h"

namespace ads::cloud::lambda {

// Everything that the operations work with.
struct Parts {
  Parts(Environment& e, Limits l)
      : environment(e),
        limits(std::move(l)),
        state(e.store, e.account),
        codes(e),
        pool(e, limits, state, codes),
        queue(e, limits, state, pool),
        sources(e, limits, state, pool) {}

  Environment& environment;
  Limits limits;
  State state;
  CodeStore codes;
  Pool pool;
  AsyncQueue queue;
  EventSources sources;
  access::PolicyCache policies;  // of functions
};

using Reply = Outcome<json::object>;
using Action = Task<Reply> (*)(Parts& parts, std::string region, json::object input);

Task<Reply> create_function(Parts& parts, std::string region, json::object input);
Task<Reply> get_function(Parts& parts, std::string region, json::object input);
Task<Reply> get_function_configuration(Parts& parts, std::string region, json::object input);
Task<Reply> update_function_code(Parts& parts, std::string region, json::object input);
Task<Reply> update_function_configuration(Parts& parts, std::string region, json::object input);
Task<Reply> delete_function(Parts& parts, std::string region, json::object input);
Task<Reply> list_functions(Parts& parts, std::string region, json::object input);

Task<Reply> publish_version(Parts& parts, std::string region, json::object input);
Task<Reply> list_versions_by_function(Parts& parts, std::string region, json::object input);
Task<Reply> create_alias(Parts& parts, std::string region, json::object input);
Task<Reply> get_alias(Parts& parts, std::string region, json::object input);
Task<Reply> update_alias(Parts& parts, std::string region, json::object input);
Task<Reply> delete_alias(Parts& parts, std::string region, json::object input);
Task<Reply> list_aliases(Parts& parts, std::string region, json::object input);

Task<Reply> add_permission(Parts& parts, std::string region, json::object input);
Task<Reply> remove_permission(Parts& parts, std::string region, json::object input);
Task<Reply> get_policy(Parts& parts, std::string region, json::object input);

Task<Reply> put_function_event_invoke_config(Parts& parts, std::string region, json::object input);
Task<Reply> update_function_event_invoke_config(Parts& parts, std::string region, json::object input);
Task<Reply> get_function_event_invoke_config(Parts& parts, std::string region, json::object input);
Task<Reply> delete_function_event_invoke_config(Parts& parts, std::string region, json::object input);
Task<Reply> list_function_event_invoke_configs(Parts& parts, std::string region, json::object input);

Task<Reply> put_function_concurrency(Parts& parts, std::string region, json::object input);
Task<Reply> get_function_concurrency(Parts& parts, std::string region, json::object input);
Task<Reply> delete_function_concurrency(Parts& parts, std::string region, json::object input);
Task<Reply> put_function_recursion_config(Parts& parts, std::string region, json::object input);
Task<Reply> get_function_recursion_config(Parts& parts, std::string region, json::object input);
Task<Reply> get_account_settings(Parts& parts, std::string region, json::object input);

Task<Reply> tag_resource(Parts& parts, std::string region, json::object input);
Task<Reply> untag_resource(Parts& parts, std::string region, json::object input);
Task<Reply> list_tags(Parts& parts, std::string region, json::object input);

Task<Reply> create_event_source_mapping(Parts& parts, std::string region, json::object input);
Task<Reply> get_event_source_mapping(Parts& parts, std::string region, json::object input);
Task<Reply> update_event_source_mapping(Parts& parts, std::string region, json::object input);
Task<Reply> delete_event_source_mapping(Parts& parts, std::string region, json::object input);
Task<Reply> list_event_source_mappings(Parts& parts, std::string region, json::object input);

// ---- What several operations share ----
// FunctionName (and Qualifier) of the input.
Outcome<FunctionName> named(const Parts& parts, std::string_view region, const json::object& input);
// The same, where the function must exist. Errors: ResourceNotFoundException.
Outcome<FunctionName> existing(const Parts& parts, std::string_view region, const json::object& input);
// Checks the configuration members that are there and sets them.
Outcome<void> apply_configuration(Function& function, const json::object& input);
// Numbers that a query string carries as text.
std::optional<std::int64_t> number(const json::object& input, std::string_view name);
// A page of a list: Marker is where the last one ended. `names` is what the marker compares with.
struct Page {
  std::string after;
  std::size_t most;
};
Outcome<Page> page_of(const json::object& input, std::size_t most);
// Applies, waits for the disk.
Task<Outcome<void>> commit(Parts& parts, Batch batch);
std::string timestamp(SystemTime now);  // "2026-11-22T16:20:05.123+0000"
// Publishes $LATEST as it is now; the version that exists already where nothing changed since.
Task<Outcome<Function>> publish(Parts& parts, Function latest, std::optional<std::string> description);

}  // namespace ads::cloud::lambda
