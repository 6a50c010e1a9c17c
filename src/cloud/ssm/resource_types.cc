// AWS::SSM::Parameter.
#include "cloud/ssm/context.h"
#include "cloud/ssm/errors.h"
#include "cloud/ssm/service.h"

namespace ads::cloud::ssm {
namespace {

class ParameterType : public ResourceType {
 public:
  ParameterType(Environment& environment, Parameters& parameters)
      : environment_(environment), parameters_(parameters) {}
  std::string_view name() const override { return "AWS::SSM::Parameter"; }
  const PropertySchema& schema() const override {
    static const PropertySchema kSchema = parse_json_object(R"({
      "AllowedPattern": "string", "DataType": "string", "Description": "string", "Name": "string",
      "Policies": "string", "Tags": {"*": "string"}, "Tier": "string", "Type!": "string", "Value!": "string"})")
                                              .value();
    return kSchema;
  }
  std::vector<std::string_view> replacement_properties() const override { return {"Name"}; }

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    if (text(properties, "Name").empty()) properties["Name"] = generated_name(context, 1011);
    const auto name = text(properties, "Name");
    if (auto checked = check_name(name); !checked) co_return refuse(checked.error());
    if (const auto existing = parameters_.find(context.region, name)) {
      if (existing->client_token != context.client_token)
        co_return refuse(400, "AlreadyExists", fmt::format("{} already exists", name));
      co_return state_of(*existing);
    }
    co_return co_await write(std::move(context), name, std::move(properties), std::nullopt);
  }
  Task<Outcome<ResourceState>> update(ResourceContext context, std::string physical_id, json::object,
                                      json::object after) override {
    auto existing = parameters_.find(context.region, physical_id);
    co_return co_await write(std::move(context), physical_id, std::move(after), std::move(existing));
  }
  Task<Outcome<void>> remove(ResourceContext context, std::string physical_id, json::object) override {
    Batch batch;
    parameters_.remove(batch, context.region, physical_id);
    if (auto written = co_await environment_.store.commit(std::move(batch)); !written)
      co_return refuse(internal_failure(written.error()));
    co_return Outcome<void>{};
  }

 private:
  Task<Outcome<ResourceState>> write(ResourceContext context, std::string name, json::object properties,
                                     std::optional<Parameter> existing) {
    if (text(properties, "Type") == "SecureString")
      co_return refuse(validation("A stack can't make a SecureString: make it with PutParameter."));
    // Templates may give numbers and booleans where text is meant.
    if (auto* value = properties.if_contains("Value"); value != nullptr && !value->is_string())
      *value = json::serialize(*value);
    auto version = next_version(properties, existing ? &existing->current : nullptr);
    if (!version) co_return refuse(version.error());
    version->user = "cloudformation.amazonaws.com";
    version->modified = environment_.clock.now();
    Parameter parameter{.name = name, .current = *std::move(version)};
    parameter.client_token = existing ? existing->client_token : context.client_token;
    for (const auto& tag : context.tags) parameter.tags[text(tag.as_object(), "Key")] = text(tag.as_object(), "Value");
    if (const auto* tags = get_object(properties, "Tags"))
      for (const auto& [tag, value] : *tags)
        parameter.tags[tag] = value.is_string() ? std::string(value.as_string()) : json::serialize(value);
    Batch batch;
    if (auto put = parameters_.put(batch, context.region, parameter); !put) co_return refuse(put.error());
    if (auto written = co_await environment_.store.commit(std::move(batch)); !written)
      co_return refuse(internal_failure(written.error()));
    co_return state_of(parameter);
  }
  static ResourceState state_of(const Parameter& parameter) {
    ResourceState state{.physical_id = parameter.name, .ref = parameter.name};
    state.attributes["Type"] = parameter.current.type;
    state.attributes["Value"] = parameter.current.value;
    return state;
  }

  Environment& environment_;
  Parameters& parameters_;
};

}  // namespace

ResourceTypes Service::resource_types() {
  ResourceTypes types;
  types.push_back(std::make_unique<ParameterType>(environment_, parameters_));
  return types;
}

}  // namespace ads::cloud::ssm
