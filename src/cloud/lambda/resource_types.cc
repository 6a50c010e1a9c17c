// Lambda's CloudFormation types: each is its API operations in order, with CloudFormation's names and defaults.
#include <map>

#include "cloud/lambda/errors.h"
#include "cloud/lambda/mapping.h"
#include "cloud/lambda/resource_support.h"
#include "cloud/lambda/service.h"

namespace ads::cloud::lambda {

namespace {

using Strings = std::vector<std::string_view>;

class FunctionType : public LambdaType {
 public:
  using LambdaType::LambdaType;
  std::string_view name() const override { return "AWS::Lambda::Function"; }
  const PropertySchema& schema() const override {
    static const PropertySchema schema{
        {"FunctionName", "string"},
        {"Code!", {{"S3Bucket", "string"}, {"S3Key", "string"}, {"S3ObjectVersion", "string"}, {"ZipFile", "string"}}},
        {"Runtime", "string"},
        {"Role!", "string"},
        {"Handler", "string"},
        {"Description", "string"},
        {"Timeout", "number"},
        {"MemorySize", "number"},
        {"EphemeralStorage", {{"Size!", "number"}}},
        {"Architectures", json::array{"string"}},
        {"Environment", {{"Variables", {{"*", "string"}}}}},
        {"DeadLetterConfig", {{"TargetArn", "string"}}},
        {"KmsKeyArn", "string"},
        {"TracingConfig", {{"Mode!", "string"}}},
        {"LoggingConfig",
         {{"LogFormat", "string"},
          {"LogGroup", "string"},
          {"ApplicationLogLevel", "string"},
          {"SystemLogLevel", "string"}}},
        {"PackageType", "string"},
        {"ReservedConcurrentExecutions", "number"},
        {"RecursiveLoop", "string"},
        {"SnapStart", {{"ApplyOn!", "string"}}},
        {"Tags", json::array{json::object{{"Key!", "string"}, {"Value!", "string"}}}}};
    return schema;
  }
  Strings replacement_properties() const override { return {"FunctionName", "PackageType"}; }

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    auto input = input_of(properties);
    if (auto checked = check_code(properties); !checked) co_return refuse(checked.error());
    if (!get_string(input, "FunctionName")) input["FunctionName"] = generated_name(context, 64);
    std::string name(*get_string(input, "FunctionName"));
    input["Tags"] = tags_of(context, properties);
    Creation creation(parts_.environment.store, context);
    const bool is_there = parts_.state.find(context.region, name, "$LATEST").has_value();
    if (is_there && !creation.was_begun()) co_return refuse(exists("AWS::Lambda::Function", name));
    if (!is_there) {
      if (auto begun = creation.begin(); !begun) co_return refuse(begun.error());
      auto made = co_await create_function(parts_, context.region, input);
      if (!made) co_return refuse(made.error());
    }
    auto settled = co_await settle(context.region, name, input);
    if (!settled) {
      // CloudFormation knows nothing of a function that was not finished.
      auto removed = co_await delete_function(parts_, context.region, {{"FunctionName", name}});
      co_return refuse(settled.error());
    }
    co_return state_of(context.region, name);
  }

  Task<Outcome<ResourceState>> update(ResourceContext context, std::string id, json::object before,
                                      json::object after) override {
    if (auto checked = check_code(after); !checked) co_return refuse(checked.error());
    auto input = input_of(after);
    input["FunctionName"] = id;
    // What the new template leaves out goes back to its default.
    for (auto [member, fallback] :
         std::initializer_list<std::pair<std::string_view, json::value>>{{"Timeout", 3},
                                                                         {"MemorySize", 128},
                                                                         {"Description", ""},
                                                                         {"Environment", json::object{}},
                                                                         {"DeadLetterConfig", json::object{}},
                                                                         {"EphemeralStorage", {{"Size", 512}}},
                                                                         {"TracingConfig", {{"Mode", "PassThrough"}}},
                                                                         {"KMSKeyArn", ""}})
      if (!input.contains(member)) input[member] = fallback;
    auto configured = co_await update_function_configuration(parts_, context.region, input);
    if (!configured) co_return refuse(configured.error());
    if (before["Code"] != after["Code"] || before["Architectures"] != after["Architectures"]) {
      json::object code = *get_object(after, "Code");
      code["FunctionName"] = id;
      if (auto* architectures = after.if_contains("Architectures")) code["Architectures"] = *architectures;
      auto updated = co_await update_function_code(parts_, context.region, code);
      if (!updated) co_return refuse(updated.error());
    }
    auto about = parts_.state.about(context.region, id);
    if (!about) co_return refuse(function_not_found(id));
    about->tags.clear();
    for (auto& [key, value] : tags_of(context, after)) about->tags[key] = value.as_string();
    Batch batch;
    parts_.state.put(batch, context.region, id, *about);
    if (auto stored = co_await commit(parts_, std::move(batch)); !stored) co_return refuse(stored.error());
    if (auto settled = co_await settle(context.region, id, input); !settled) co_return refuse(settled.error());
    co_return state_of(context.region, id);
  }

  Task<Outcome<void>> remove(ResourceContext context, std::string id, json::object) override {
    co_return gone(co_await delete_function(parts_, context.region, {{"FunctionName", id}}));
  }

 private:
  // AWS builds a file of inline code only for interpreted runtimes; ZipFile is text there, never a zip.
  static Outcome<void> check_code(const json::object& properties) {
    auto* code = get_object(properties, "Code");
    if (code && code->contains("ZipFile"))
      return refuse(
          invalid_parameter("ZipFile can only be used with the Node.js and Python runtimes. Upload the package to a "
                            "bucket and give Code.S3Bucket and Code.S3Key."));
    return {};
  }

  // What has operations of its own.
  Task<Outcome<void>> settle(std::string region, std::string name, json::object input) {
    json::object setting{{"FunctionName", name}};
    if (auto* reserved = input.if_contains("ReservedConcurrentExecutions")) {
      setting["ReservedConcurrentExecutions"] = *reserved;
      if (auto put = co_await put_function_concurrency(parts_, region, setting); !put) co_return refuse(put.error());
    } else if (auto removed = co_await delete_function_concurrency(parts_, region, setting); !removed) {
      co_return refuse(removed.error());
    }
    setting["RecursiveLoop"] = get_string(input, "RecursiveLoop").value_or("Terminate");
    if (auto put = co_await put_function_recursion_config(parts_, region, setting); !put) co_return refuse(put.error());
    co_return Outcome<void>{};
  }

  ResourceState state_of(std::string_view region, const std::string& name) const {
    ResourceState state{.physical_id = name, .ref = name};
    state.attributes["Arn"] = function_arn(region, parts_.environment.account, name);
    return state;
  }
};

class PermissionType : public LambdaType {
 public:
  using LambdaType::LambdaType;
  std::string_view name() const override { return "AWS::Lambda::Permission"; }
  const PropertySchema& schema() const override {
    static const PropertySchema schema{{"FunctionName!", "string"},  {"Action!", "string"},
                                       {"Principal!", "string"},     {"SourceArn", "string"},
                                       {"SourceAccount", "string"},  {"EventSourceToken", "string"},
                                       {"PrincipalOrgID", "string"}, {"FunctionUrlAuthType", "string"}};
    return schema;
  }
  Strings replacement_properties() const override {
    return {"FunctionName",  "Action",           "Principal",      "SourceArn",
            "SourceAccount", "EventSourceToken", "PrincipalOrgID", "FunctionUrlAuthType"};
  }
  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    // The name derives from the client token: a statement that has it already is this operation's.
    auto id = generated_name(context, 100);
    properties["StatementId"] = id;
    auto added = co_await add_permission(parts_, context.region, properties);
    if (!added && added.error().code != "ResourceConflictException") co_return refuse(added.error());
    ResourceState state{.physical_id = id, .ref = id};
    state.attributes["Id"] = id;
    co_return state;
  }
  Task<Outcome<ResourceState>> update(ResourceContext, std::string id, json::object, json::object) override {
    ResourceState state{.physical_id = id, .ref = id};
    state.attributes["Id"] = id;
    co_return state;
  }
  Task<Outcome<void>> remove(ResourceContext context, std::string id, json::object properties) override {
    properties["StatementId"] = id;
    co_return gone(co_await remove_permission(parts_, context.region, properties));
  }
};

class EventSourceMappingType : public LambdaType {
 public:
  using LambdaType::LambdaType;
  std::string_view name() const override { return "AWS::Lambda::EventSourceMapping"; }
  const PropertySchema& schema() const override {
    static const PropertySchema schema{
        {"EventSourceArn!", "string"},
        {"FunctionName!", "string"},
        {"BatchSize", "number"},
        {"Enabled", "boolean"},
        {"MaximumBatchingWindowInSeconds", "number"},
        {"FilterCriteria", {{"Filters", json::array{json::object{{"Pattern", "string"}}}}}},
        {"FunctionResponseTypes", json::array{"string"}},
        {"ScalingConfig", {{"MaximumConcurrency", "number"}}},
        {"Tags", json::array{json::object{{"Key!", "string"}, {"Value!", "string"}}}}};
    return schema;
  }
  Strings replacement_properties() const override { return {"EventSourceArn"}; }
  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    auto input = input_of(properties);
    input["Tags"] = tags_of(context, properties);
    Creation creation(parts_.environment.store, context);
    const auto existing = mapping_of(context.region, properties);
    if (existing && creation.was_begun()) {
      auto found = co_await get_event_source_mapping(parts_, context.region, {{"UUID", *existing}});
      if (!found) co_return refuse(found.error());
      co_return state_of(*found);
    }
    if (!existing) {
      if (auto begun = creation.begin(); !begun) co_return refuse(begun.error());
    }
    auto made = co_await create_event_source_mapping(parts_, context.region, input);
    if (!made) co_return refuse(made.error());
    co_return state_of(*made);
  }
  Task<Outcome<ResourceState>> update(ResourceContext context, std::string id, json::object,
                                      json::object after) override {
    auto input = input_of(after);
    for (auto [member, fallback] :
         std::initializer_list<std::pair<std::string_view, json::value>>{{"BatchSize", 10},
                                                                         {"Enabled", true},
                                                                         {"MaximumBatchingWindowInSeconds", 0},
                                                                         {"FilterCriteria", json::object{}},
                                                                         {"FunctionResponseTypes", json::array{}},
                                                                         {"ScalingConfig", json::object{}}})
      if (!input.contains(member)) input[member] = fallback;
    input["UUID"] = id;
    input.erase("Tags");
    auto updated = co_await update_event_source_mapping(parts_, context.region, input);
    if (!updated) co_return refuse(updated.error());
    co_return state_of(*updated);
  }
  Task<Outcome<void>> remove(ResourceContext context, std::string id, json::object) override {
    co_return gone(co_await delete_event_source_mapping(parts_, context.region, {{"UUID", id}}));
  }

 private:
  // Lambda allows one mapping of a queue to a function.
  std::optional<std::string> mapping_of(const std::string& region, const json::object& properties) const {
    const auto function = named(parts_, region, properties);
    for (const auto& mapping : all_mappings(parts_.state, region)) {
      if (function && mapping.queue_arn == get_string(properties, "EventSourceArn") &&
          mapping.function.name == function->name && mapping.function.qualifier == function->qualifier)
        return mapping.uuid;
    }
    return std::nullopt;
  }

  static ResourceState state_of(const json::object& mapping) {
    std::string id(*get_string(mapping, "UUID"));
    ResourceState state{.physical_id = id, .ref = id};
    state.attributes["Id"] = id;
    state.attributes["EventSourceMappingArn"] = mapping.at("EventSourceMappingArn");
    return state;
  }
};

class EventInvokeConfigType : public LambdaType {
 public:
  using LambdaType::LambdaType;
  std::string_view name() const override { return "AWS::Lambda::EventInvokeConfig"; }
  const PropertySchema& schema() const override {
    static const PropertySchema schema{
        {"FunctionName!", "string"},
        {"Qualifier!", "string"},
        {"MaximumRetryAttempts", "number"},
        {"MaximumEventAgeInSeconds", "number"},
        {"DestinationConfig",
         {{"OnSuccess", {{"Destination!", "string"}}}, {"OnFailure", {{"Destination!", "string"}}}}}};
    return schema;
  }
  Strings replacement_properties() const override { return {"FunctionName", "Qualifier"}; }
  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    auto put = co_await put_function_event_invoke_config(parts_, context.region, input_of(properties));
    if (!put) co_return refuse(put.error());
    auto id = generated_name(context, 128);
    co_return ResourceState{.physical_id = id, .ref = id};
  }
  Task<Outcome<ResourceState>> update(ResourceContext context, std::string id, json::object,
                                      json::object after) override {
    auto put = co_await put_function_event_invoke_config(parts_, context.region, input_of(after));
    if (!put) co_return refuse(put.error());
    co_return ResourceState{.physical_id = id, .ref = id};
  }
  Task<Outcome<void>> remove(ResourceContext context, std::string, json::object properties) override {
    co_return gone(co_await delete_function_event_invoke_config(parts_, context.region, properties));
  }
};

class VersionType : public LambdaType {
 public:
  using LambdaType::LambdaType;
  std::string_view name() const override { return "AWS::Lambda::Version"; }
  const PropertySchema& schema() const override {
    static const PropertySchema schema{
        {"FunctionName!", "string"}, {"CodeSha256", "string"}, {"Description", "string"}};
    return schema;
  }
  Strings replacement_properties() const override { return {"FunctionName", "CodeSha256", "Description"}; }
  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    auto published = co_await publish_version(parts_, context.region, properties);
    if (!published) co_return refuse(published.error());
    std::string arn(*get_string(*published, "FunctionArn"));
    ResourceState state{.physical_id = arn, .ref = arn};
    state.attributes["Version"] = published->at("Version");
    state.attributes["FunctionArn"] = arn;
    co_return state;
  }
  Task<Outcome<ResourceState>> update(ResourceContext, std::string id, json::object, json::object) override {
    ResourceState state{.physical_id = id, .ref = id};
    state.attributes["Version"] = id.substr(id.rfind(':') + 1);
    state.attributes["FunctionArn"] = id;
    co_return state;
  }
  Task<Outcome<void>> remove(ResourceContext context, std::string id, json::object) override {
    co_return gone(co_await delete_function(parts_, context.region, {{"FunctionName", id}}));
  }
};

class AliasType : public LambdaType {
 public:
  using LambdaType::LambdaType;
  std::string_view name() const override { return "AWS::Lambda::Alias"; }
  const PropertySchema& schema() const override {
    static const PropertySchema schema{
        {"FunctionName!", "string"},
        {"FunctionVersion!", "string"},
        {"Name!", "string"},
        {"Description", "string"},
        {"RoutingConfig",
         {{"AdditionalVersionWeights",
           json::array{json::object{{"FunctionVersion!", "string"}, {"FunctionWeight!", "number"}}}}}}};
    return schema;
  }
  Strings replacement_properties() const override { return {"FunctionName", "Name"}; }
  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    Creation creation(parts_.environment.store, context);
    json::object named{{"FunctionName", properties.at("FunctionName")}, {"Name", properties.at("Name")}};
    if (auto existing = co_await get_alias(parts_, context.region, named); existing && creation.was_begun())
      co_return state_of(existing);
    else if (!existing)
      if (auto begun = creation.begin(); !begun) co_return refuse(begun.error());
    co_return state_of(co_await create_alias(parts_, context.region, with_weights(std::move(properties))));
  }
  Task<Outcome<ResourceState>> update(ResourceContext context, std::string, json::object, json::object after) override {
    if (!after.contains("Description")) after["Description"] = "";
    if (!after.contains("RoutingConfig")) after["RoutingConfig"] = json::object{};
    co_return state_of(co_await update_alias(parts_, context.region, with_weights(std::move(after))));
  }
  Task<Outcome<void>> remove(ResourceContext context, std::string, json::object properties) override {
    co_return gone(co_await delete_alias(parts_, context.region,
                                         {{"FunctionName", properties["FunctionName"]}, {"Name", properties["Name"]}}));
  }

 private:
  // CloudFormation's list of {FunctionVersion, FunctionWeight} is the API's map.
  static json::object with_weights(json::object properties) {
    auto* routing = get_object(properties, "RoutingConfig");
    auto* list = routing ? get_array(*routing, "AdditionalVersionWeights") : nullptr;
    if (!list) return properties;
    json::object weights;
    for (auto& entry : *list)
      if (entry.is_object()) {
        auto& weight = entry.as_object().at("FunctionWeight");
        weights[get_string(entry.as_object(), "FunctionVersion").value_or("")] =
            weight.is_string() ? json::value(std::strtod(weight.as_string().c_str(), nullptr)) : weight;
      }
    properties["RoutingConfig"] = json::object{{"AdditionalVersionWeights", std::move(weights)}};
    return properties;
  }
  static Outcome<ResourceState> state_of(const Reply& alias) {
    if (!alias) return refuse(alias.error());
    std::string arn(*get_string(*alias, "AliasArn"));
    ResourceState state{.physical_id = arn, .ref = arn};
    state.attributes["AliasArn"] = arn;
    return state;
  }
};

}  // namespace

ResourceTypes Lambda::resource_types() {
  ResourceTypes types;
  types.push_back(std::make_unique<FunctionType>(parts_));
  types.push_back(std::make_unique<PermissionType>(parts_));
  types.push_back(std::make_unique<EventSourceMappingType>(parts_));
  types.push_back(std::make_unique<EventInvokeConfigType>(parts_));
  types.push_back(std::make_unique<VersionType>(parts_));
  types.push_back(std::make_unique<AliasType>(parts_));
  return types;
}

}  // namespace ads::cloud::lambda
