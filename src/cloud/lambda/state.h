// Functions, versions, aliases, policies and invoke configurations as they are stored; nothing is kept in memory.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "cloud/lambda/function.h"
#include "cloud/lambda/function_name.h"
#include "cloud/secret_key.h"
#include "cloud/store.h"
#include "cloud/wire_error.h"

namespace ads::cloud::lambda {

// What all versions of a function share.
struct About {
  std::map<std::string, std::string> tags;
  std::optional<int> reserved_concurrency;
  std::string recursive_loop = "Terminate";
  std::uint64_t last_version = 0;
  // Resource policies by qualifier ("" for the function itself): lists of statements.
  std::map<std::string, json::array> policies;
  std::string policy_revision;
};

struct Alias {
  std::string name, version, description, revision_id;
  std::map<std::string, double> weights;  // other versions and their share, at most one
};

// How asynchronous invocations of one qualifier are retried, and where their results go.
struct InvokeConfig {
  int maximum_retries = 2;
  int maximum_age = 21'600;            // seconds
  std::string on_success, on_failure;  // ARNs, or empty
  // Whether the member was given: an answer shows only what was.
  bool has_retries = false, has_age = false;
  std::int64_t last_modified = 0;  // milliseconds
};

class State {
 public:
  // `account` is read when it is needed: the city sets it after its services are made.
  State(Store& store, const std::string& account) : store_(store), account_(account), secrets_(SecretKey::of(store)) {}
  // Seals functions that an earlier version of this program left as they are. Errors: unavailable.
  Result<void> seal_functions();

  std::optional<Function> find(std::string_view region, std::string_view name, std::string_view version) const;
  // The version that a qualifier ("" is $LATEST) means now; an alias with weights draws one.
  // Errors: ResourceNotFoundException with the ARN.
  Outcome<Function> resolve(std::string_view region, const FunctionName& name) const;
  std::optional<About> about(std::string_view region, std::string_view name) const;
  std::optional<Alias> alias(std::string_view region, std::string_view name, std::string_view alias) const;
  std::optional<InvokeConfig> invoke_config(std::string_view region, std::string_view name,
                                            std::string_view qualifier) const;

  // As stored: functions are sealed, for their environment variables are often secrets.
  std::optional<Function> read(const Cursor& cursor) const;
  // Every version ($LATEST first) of one function.
  std::vector<Function> versions(std::string_view region, std::string_view name) const;
  std::vector<Alias> aliases(std::string_view region, std::string_view name) const;

  // Each adds to `batch`; the caller applies it.
  void put(Batch& batch, const Function& function) const;
  void put(Batch& batch, std::string_view region, std::string_view name, const About& about) const;
  void put(Batch& batch, std::string_view region, std::string_view name, const Alias& alias) const;
  void put(Batch& batch, std::string_view region, std::string_view name, std::string_view qualifier,
           const InvokeConfig& config) const;
  void remove_version(Batch& batch, const Function& function) const;
  // The function with everything that belongs to it, queued events included.
  void remove_function(Batch& batch, std::string_view region, std::string_view name) const;

  // Whether any version still uses that package, other than what `batch`-to-be will change.
  bool is_code_used(std::string_view sha) const;

  Store& store() { return store_; }
  const Store& store() const { return store_; }
  const std::string& account() const { return account_; }
  std::string arn(std::string_view region, const FunctionName& name) const {
    return function_arn(region, account_, name.name, name.qualifier);
  }

 private:
  Store& store_;
  const std::string& account_;
  SecretKey secrets_;
};

// {"AliasArn", ...} and {"FunctionArn", ...} as the API answers them.
json::object describe(const Alias& alias, std::string_view region, std::string_view account, std::string_view name);
json::object describe(const InvokeConfig& config, std::string_view function_arn);

}  // namespace ads::cloud::lambda
