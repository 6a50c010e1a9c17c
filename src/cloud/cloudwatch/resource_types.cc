// AWS::CloudWatch::Alarm and AWS::CloudWatch::Dashboard.
#include "cloud/cloudwatch/dashboards.h"
#include "cloud/cloudwatch/errors.h"
#include "cloud/cloudwatch/service.h"

namespace ads::cloud::cloudwatch {
namespace {

class AlarmType : public ResourceType {
 public:
  explicit AlarmType(State& state) : environment_(state.environment), alarms_(state.alarms), state_(state) {}
  std::string_view name() const override { return "AWS::CloudWatch::Alarm"; }
  const PropertySchema& schema() const override {
    static const PropertySchema kSchema = parse_json_object(R"({
      "ActionsEnabled": "boolean", "AlarmActions": ["string"], "AlarmDescription": "string", "AlarmName": "string",
      "ComparisonOperator!": "string", "DatapointsToAlarm": "number",
      "Dimensions": [{"Name!": "string", "Value!": "string"}], "EvaluateLowSampleCountPercentile": "string",
      "EvaluationPeriods!": "number", "ExtendedStatistic": "string", "InsufficientDataActions": ["string"],
      "MetricName": "string", "Namespace": "string", "OKActions": ["string"], "Period": "number",
      "Statistic": "string", "Threshold": "number", "TreatMissingData": "string", "Unit": "string",
      "Tags": [{"Key!": "string", "Value!": "string"}]})")
                                              .value();
    return kSchema;
  }
  std::vector<std::string_view> replacement_properties() const override { return {"AlarmName"}; }

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    if (text(properties, "AlarmName").empty()) properties["AlarmName"] = generated_name(context, 255);
    const auto existing = alarms_.find(context.region, text(properties, "AlarmName"));
    if (existing && existing->client_token != context.client_token) {
      co_return refuse(400, "AlreadyExists", fmt::format("{} already exists", existing->name));
    }
    co_return co_await write(std::move(context), std::move(properties), existing);
  }
  Task<Outcome<ResourceState>> update(ResourceContext context, std::string physical_id, json::object,
                                      json::object after) override {
    after["AlarmName"] = physical_id;
    const auto existing = alarms_.find(context.region, physical_id);
    co_return co_await write(std::move(context), std::move(after), existing);
  }
  Task<Outcome<void>> remove(ResourceContext context, std::string physical_id, json::object) override {
    const auto alarm = alarms_.find(context.region, physical_id);
    if (!alarm) co_return Outcome<void>{};
    Batch batch;
    state_.watch.remove(batch, context.region, *alarm);
    if (auto written = co_await environment_.store.commit(std::move(batch)); !written) {
      co_return refuse(internal_failure(written.error()));
    }
    co_return Outcome<void>{};
  }

 private:
  Task<Outcome<ResourceState>> write(ResourceContext context, json::object properties, std::optional<Alarm> existing) {
    auto alarm = make_alarm(properties, context.account, context.region, environment_.clock.now(),
                            existing ? &*existing : nullptr);
    if (!alarm) co_return refuse(alarm.error());
    alarm->client_token = existing ? existing->client_token : context.client_token;
    alarm->tags.clear();
    for (const auto& tag : objects({{"Tags", context.tags}}, "Tags"))
      alarm->tags[text(tag, "Key")] = text(tag, "Value");
    for (const auto& tag : objects(properties, "Tags")) alarm->tags[text(tag, "Key")] = text(tag, "Value");
    ResourceState state{.physical_id = alarm->name, .ref = alarm->name};
    state.attributes["Arn"] = alarm->shown.at("AlarmArn");
    Batch batch;
    state_.watch.put(batch, context.region, *std::move(alarm), existing ? &*existing : nullptr);
    state_.notifier.ring_all();
    if (auto written = co_await environment_.store.commit(std::move(batch)); !written) {
      co_return refuse(internal_failure(written.error()));
    }
    co_return state;
  }

  Environment& environment_;
  Alarms& alarms_;
  State& state_;
};

class DashboardType : public ResourceType {
 public:
  explicit DashboardType(Environment& environment) : environment_(environment) {}
  std::string_view name() const override { return "AWS::CloudWatch::Dashboard"; }
  const PropertySchema& schema() const override {
    static const PropertySchema kSchema{{"DashboardName", "string"}, {"DashboardBody!", "string"}};
    return kSchema;
  }
  std::vector<std::string_view> replacement_properties() const override { return {"DashboardName"}; }

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    auto name = text(properties, "DashboardName");
    if (name.empty()) name = generated_name(context, 255);
    co_return co_await write(context.region, name, std::move(properties));
  }
  Task<Outcome<ResourceState>> update(ResourceContext context, std::string physical_id, json::object,
                                      json::object after) override {
    co_return co_await write(context.region, physical_id, std::move(after));
  }
  Task<Outcome<void>> remove(ResourceContext context, std::string physical_id, json::object) override {
    Batch batch;
    remove_dashboard(batch, context.region, physical_id);
    if (auto written = co_await environment_.store.commit(std::move(batch)); !written) {
      co_return refuse(internal_failure(written.error()));
    }
    co_return Outcome<void>{};
  }

 private:
  Task<Outcome<ResourceState>> write(std::string region, std::string name, json::object properties) {
    Batch batch;
    auto put = put_dashboard(batch, region, name, text(properties, "DashboardBody"), environment_.clock.now());
    if (!put) co_return refuse(put.error());
    if (auto written = co_await environment_.store.commit(std::move(batch)); !written) {
      co_return refuse(internal_failure(written.error()));
    }
    co_return ResourceState{.physical_id = name, .ref = name};
  }

  Environment& environment_;
};

}  // namespace

ResourceTypes Service::resource_types() {
  ResourceTypes out;
  out.push_back(std::make_unique<AlarmType>(state_));
  out.push_back(std::make_unique<DashboardType>(environment_));
  return out;
}

}  // namespace ads::cloud::cloudwatch
