// AWS::Logs::LogGroup for CloudFormation.
#include "cloud/logs/errors.h"
#include "cloud/logs/service.h"

namespace ads::cloud::logs {

namespace {

class LogGroupType : public ResourceType {
 public:
  LogGroupType(Service& logs, Environment& environment) : logs_(logs), environment_(environment) {}

  std::string_view name() const override { return "AWS::Logs::LogGroup"; }
  const PropertySchema& schema() const override {
    static const PropertySchema schema{{"LogGroupName", "string"},
                                       {"RetentionInDays", "number"},
                                       {"KmsKeyId", "string"},
                                       {"LogGroupClass", "string"},
                                       {"Tags", json::array{json::object{{"Key!", "string"}, {"Value!", "string"}}}}};
    return schema;
  }
  std::vector<std::string_view> replacement_properties() const override { return {"LogGroupName"}; }

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    std::string name(get_string(properties, "LogGroupName").value_or(""));
    if (name.empty()) name = generated_name(context, 512);
    json::object input{{"logGroupName", name}};
    if (auto tags = tags_of(context, properties); !tags.empty()) input["tags"] = std::move(tags);
    if (auto key = get_string(properties, "KmsKeyId")) input["kmsKeyId"] = *key;
    if (auto log_class = get_string(properties, "LogGroupClass")) input["logGroupClass"] = *log_class;
    Creation creation(environment_.store, context);
    const bool is_there = logs_.state().find_group(context.region, name).has_value();
    if (is_there && !creation.was_begun()) {
      co_return refuse(
          400, "AlreadyExists",
          fmt::format("Resource of type 'AWS::Logs::LogGroup' with identifier '{}' already exists.", name));
    }
    if (!is_there) {
      if (auto begun = creation.begin(); !begun) co_return refuse(begun.error());
      if (auto made = co_await logs_.perform(context.region, "CreateLogGroup", std::move(input)); !made)
        co_return refuse(made.error());
    }
    co_return co_await finish(context.region, name, properties);
  }

  Task<Outcome<ResourceState>> update(ResourceContext context, std::string physical_id, json::object before,
                                      json::object after) override {
    auto group = logs_.state().find_group(context.region, physical_id);
    if (!group) co_return refuse(group_not_found());
    auto tags = tags_of(context, after);
    group->tags.clear();
    for (auto& [key, value] : tags) group->tags[key] = value.as_string();
    group->kms_key_id = get_string(after, "KmsKeyId").value_or("");
    Batch batch;
    logs_.state().put_group(batch, context.region, *group);
    if (auto applied = environment_.store.apply(std::move(batch)); !applied)
      co_return refuse(internal_failure(applied.error()));
    co_return co_await finish(context.region, physical_id, after);
  }

  Task<Outcome<void>> remove(ResourceContext context, std::string physical_id, json::object) override {
    auto removed = co_await logs_.perform(context.region, "DeleteLogGroup", {{"logGroupName", physical_id}});
    if (!removed && removed.error().code != "ResourceNotFoundException") co_return refuse(removed.error());
    co_return Outcome<void>{};
  }

 private:
  static json::object tags_of(const ResourceContext& context, const json::object& properties) {
    json::object tags;
    auto add = [&](const json::array& list) {
      for (auto& tag : list)
        if (auto* entry = tag.if_object())
          tags[get_string(*entry, "Key").value_or("")] = get_string(*entry, "Value").value_or("");
    };
    add(context.tags);
    if (auto* own = get_array(properties, "Tags")) add(*own);
    return tags;
  }

  Task<Outcome<ResourceState>> finish(std::string region, std::string name, json::object properties) {
    std::optional<std::int64_t> days = get_integer(properties, "RetentionInDays");
    if (auto text = get_string(properties, "RetentionInDays")) days = std::atoi(std::string(*text).c_str());
    if (!days && properties.contains("RetentionInDays"))
      days = properties.at("RetentionInDays").is_double() ? std::int64_t(properties.at("RetentionInDays").as_double())
                                                          : -1;
    json::object input{{"logGroupName", name}};
    if (days) input["retentionInDays"] = *days;
    auto kept = co_await logs_.perform(region, days ? "PutRetentionPolicy" : "DeleteRetentionPolicy", std::move(input));
    if (!kept) co_return refuse(kept.error());
    ResourceState state{.physical_id = name, .ref = name};
    state.attributes["Arn"] = fmt::format("arn:aws:logs:{}:{}:log-group:{}:*", region, environment_.account, name);
    co_return state;
  }

  Service& logs_;
  Environment& environment_;
};

}  // namespace

ResourceTypes Service::resource_types() {
  ResourceTypes types;
  types.push_back(std::make_unique<LogGroupType>(*this, environment_));
  return types;
}

}  // namespace ads::cloud::logs
