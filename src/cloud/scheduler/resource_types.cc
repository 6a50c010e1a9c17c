// AWS::Scheduler::Schedule and AWS::Scheduler::ScheduleGroup.
#include "cloud/scheduler/context.h"
#include "cloud/scheduler/errors.h"
#include "cloud/scheduler/service.h"

namespace ads::cloud::scheduler {
namespace {

Task<Outcome<void>> durable(State& state) {
  if (auto done = co_await state.environment.store.durable(); !done) co_return refuse(internal_failure(done.error()));
  co_return Outcome<void>{};
}

class ScheduleType : public ResourceType {
 public:
  explicit ScheduleType(State& state) : state_(state) {}
  std::string_view name() const override { return "AWS::Scheduler::Schedule"; }
  const PropertySchema& schema() const override {
    static const PropertySchema kSchema = parse_json_object(R"({
      "Description": "string", "EndDate": "string", "GroupName": "string", "KmsKeyArn": "string", "Name": "string",
      "FlexibleTimeWindow!": {"Mode!": "string", "MaximumWindowInMinutes": "number"},
      "ScheduleExpression!": "string", "ScheduleExpressionTimezone": "string", "StartDate": "string",
      "State": "string",
      "Target!": {"Arn!": "string", "RoleArn!": "string", "Input": "string",
                  "DeadLetterConfig": {"Arn": "string"},
                  "RetryPolicy": {"MaximumEventAgeInSeconds": "number", "MaximumRetryAttempts": "number"},
                  "SqsParameters": {"MessageGroupId": "string"},
                  "EcsParameters": "json", "EventBridgeParameters": "json", "KinesisParameters": "json",
                  "SageMakerPipelineParameters": "json"}})")
                                              .value();
    return kSchema;
  }
  std::vector<std::string_view> replacement_properties() const override { return {"Name", "GroupName"}; }

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    if (text(properties, "Name").empty()) properties["Name"] = generated_name(context, 64);
    properties["ClientToken"] = context.client_token;
    auto written = co_await write_schedule(state_, context.region, std::move(properties), Writing::create);
    if (written)
      if (auto done = co_await durable(state_); !done) co_return refuse(done.error());
    co_return state_of(context, written);
  }
  Task<Outcome<ResourceState>> update(ResourceContext context, std::string physical_id, json::object,
                                      json::object after) override {
    after["Name"] = physical_id;
    auto written = co_await write_schedule(state_, context.region, std::move(after), Writing::update);
    if (written)
      if (auto done = co_await durable(state_); !done) co_return refuse(done.error());
    co_return state_of(context, written);
  }
  Task<Outcome<void>> remove(ResourceContext context, std::string physical_id, json::object properties) override {
    const auto group = text(properties, "GroupName");
    const auto schedule = state_.book.find(context.region, group.empty() ? "default" : group, physical_id);
    if (!schedule) co_return Outcome<void>{};
    Batch batch;
    state_.book.remove(batch, context.region, *schedule);
    if (auto applied = apply(state_, std::move(batch)); !applied) co_return refuse(applied.error());
    co_return co_await durable(state_);
  }

 private:
  static Outcome<ResourceState> state_of(const ResourceContext& context, const Outcome<Schedule>& written) {
    if (!written) return refuse(written.error());
    ResourceState state{.physical_id = written->name, .ref = written->name};
    state.attributes["Arn"] = schedule_arn(context.account, context.region, written->group, written->name);
    return state;
  }
  State& state_;
};

class GroupType : public ResourceType {
 public:
  explicit GroupType(State& state) : state_(state) {}
  std::string_view name() const override { return "AWS::Scheduler::ScheduleGroup"; }
  const PropertySchema& schema() const override {
    static const PropertySchema kSchema =
        parse_json_object(R"({"Name": "string", "Tags": [{"Key!": "string", "Value!": "string"}]})").value();
    return kSchema;
  }
  std::vector<std::string_view> replacement_properties() const override { return {"Name"}; }

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    if (text(properties, "Name").empty()) properties["Name"] = generated_name(context, 64);
    properties["ClientToken"] = context.client_token;
    properties["Tags"] = tags_of(context, properties);
    auto made = make_group(state_, context.region, properties);
    if (!made) co_return refuse(made.error());
    if (auto done = co_await durable(state_); !done) co_return refuse(done.error());
    co_return state_of(context, *made);
  }
  Task<Outcome<ResourceState>> update(ResourceContext context, std::string physical_id, json::object,
                                      json::object after) override {
    auto group = state_.book.find_group(context.region, physical_id);
    if (!group) co_return refuse(no_such_group(physical_id));
    auto tags = read_tags({{"Tags", tags_of(context, after)}});
    if (!tags) co_return refuse(tags.error());
    group->tags = *std::move(tags);
    group->modified = state_.environment.clock.now();
    Batch batch;
    state_.book.put(batch, context.region, *group);
    if (auto applied = apply(state_, std::move(batch)); !applied) co_return refuse(applied.error());
    if (auto done = co_await durable(state_); !done) co_return refuse(done.error());
    co_return state_of(context, *group);
  }
  Task<Outcome<void>> remove(ResourceContext context, std::string physical_id, json::object) override {
    auto dropped = drop_group(state_, context.region, physical_id);
    if (!dropped && dropped.error().status != 404) co_return dropped;
    co_return co_await durable(state_);
  }

 private:
  // The stack's tags, and over them the resource's own.
  static json::array tags_of(const ResourceContext& context, const json::object& properties) {
    json::array tags = context.tags;
    if (const auto* own = get_array(properties, "Tags"))
      for (const auto& tag : *own) tags.push_back(tag);
    return tags;
  }
  static ResourceState state_of(const ResourceContext& context, const Group& group) {
    ResourceState state{.physical_id = group.name, .ref = group.name};
    state.attributes["Arn"] = group_arn(context.account, context.region, group.name);
    state.attributes["State"] = "ACTIVE";
    state.attributes["CreationDate"] = iso8601_seconds(group.created);
    state.attributes["LastModificationDate"] = iso8601_seconds(group.modified);
    return state;
  }
  State& state_;
};

}  // namespace

ResourceTypes Service::resource_types() {
  ResourceTypes types;
  types.push_back(std::make_unique<ScheduleType>(state_));
  types.push_back(std::make_unique<GroupType>(state_));
  return types;
}

}  // namespace ads::cloud::scheduler
