// A stage for stacks: one made-up resource type whose things can be told to fail or to hang, and a cloud that can
// crash.
#pragma once
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cloud/cloudformation/actions/input.h"
#include "cloud/cloudformation/service.h"
#include "cloud/importable_type.h"
#include "run_task.h"
#include "temporary_directory.h"

namespace ads::cloud::cloudformation {

// Outlives crashes: the world outside CloudFormation.
struct World {
  std::map<std::string, json::object> things;  // by physical id
  std::map<std::string, std::string> made_by;  // client token -> physical id
  std::vector<std::string> calls;              // "create A", "update A", "remove A"
  std::set<std::string> failing;               // calls that fail
  std::set<std::string> hanging;               // calls that never return
  int serial = 0, most_at_once = 0, at_once = 0;
  bool is_stuck = false;
};

// {"Name": .., "Fixed": .. (replacement), "List": [..]}; Ref is the physical id, GetAtt Arn and Name.
class ThingType : public ResourceType, public ImportableType {
 public:
  ThingType(World& world, asio::any_io_executor executor) : world_(world), bell_(std::move(executor)) {}
  std::string_view name() const override { return "Test::Thing"; }
  const PropertySchema& schema() const override {
    static const PropertySchema kSchema{{"Name", "string"},
                                        {"Fixed", "string"},
                                        {"ThingName", "string"},
                                        {"Size", "number"},
                                        {"List", json::array{"string"}},
                                        {"Tags", json::array{json::object{{"Key!", "string"}, {"Value!", "string"}}}}};
    return kSchema;
  }
  std::vector<std::string_view> replacement_properties() const override { return {"Fixed", "ThingName"}; }

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    if (auto refused = co_await called("create " + context.logical_id); !refused) co_return refuse(refused.error());
    auto& id = world_.made_by[context.client_token];
    if (id.empty()) id = context.logical_id + "-" + std::to_string(++world_.serial);
    world_.things[id] = properties;
    co_return state(id, properties);
  }
  Task<Outcome<ResourceState>> update(ResourceContext context, std::string id, json::object,
                                      json::object after) override {
    if (auto refused = co_await called("update " + context.logical_id); !refused) co_return refuse(refused.error());
    world_.things[id] = after;
    co_return state(id, after);
  }
  Task<Outcome<std::optional<ResourceState>>> find_named(ResourceContext, json::object properties) override {
    const auto wanted = text(properties, "ThingName");
    for (const auto& [id, thing] : world_.things)
      if (!wanted.empty() && text(thing, "ThingName") == wanted) co_return std::optional(state(id, thing));
    co_return std::optional<ResourceState>{};
  }
  // What hangs goes on.
  void release() {
    world_.hanging.clear();
    bell_.ring_all();
  }

  Task<Outcome<void>> remove(ResourceContext context, std::string id, json::object) override {
    if (auto refused = co_await called("remove " + context.logical_id); !refused) co_return refuse(refused.error());
    world_.things.erase(id);
    co_return Outcome<void>{};
  }

 private:
  static ResourceState state(const std::string& id, const json::object& properties) {
    ResourceState out{.physical_id = id, .ref = id};
    out.attributes["Arn"] = "arn:" + id;
    out.attributes["Name"] = text(properties, "Name");
    return out;
  }
  Task<Outcome<void>> called(std::string call) {
    world_.calls.push_back(call);
    world_.most_at_once = std::max(world_.most_at_once, ++world_.at_once);
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    if (world_.hanging.contains(call)) {
      world_.is_stuck = true;
      co_await bell_.wait();
    }
    --world_.at_once;
    if (world_.failing.contains(call)) co_return refuse(400, "Broken", call + " was told to fail");
    co_return Outcome<void>{};
  }

  World& world_;
  Bell bell_;
};

// A parameter store that is a map.
class StoredParameters : public ParameterPort {
 public:
  Outcome<std::string> value(const std::string&, const std::string& name) override {
    const auto found = values.find(name);
    if (found == values.end()) return refuse(400, "ParameterNotFound", "Parameter " + name + " not found.");
    return found->second;
  }
  std::map<std::string, std::string> values;
};

class NoBody : public http::IncomingBody {
 public:
  Task<Result<std::size_t>> read_some(char*, std::size_t) override { co_return std::size_t{0}; }
  std::optional<std::uint64_t> declared_length() const override { return 0; }
};

class Stacks : public ::testing::Test {
 protected:
  Stacks() { open(); }
  ~Stacks() override { crash(); }

  void open() {
    io_ = std::make_unique<asio::io_context>(1);
    store_ = Store::open(io_->get_executor(), directory_.path(), Durability::durable).value();
    environment_ = std::make_unique<Environment>(Environment{io_->get_executor(), *store_, clock_});
    environment_->parameters = &parameters_;
    type_ = std::make_unique<ThingType>(world_, io_->get_executor());
    types_ = {{"Test::Thing", type_.get()}};
    stacks_ = std::make_unique<StackStore>(*store_, clock_);
    engine_ = std::make_unique<Engine>(*environment_, *stacks_, types_);
    desk_ = std::make_unique<Desk>(Desk{*environment_, *stacks_, *engine_, types_});
  }

  // Everything in memory is gone; what was written is there.
  void crash() {
    io_.reset();
    desk_.reset();
    engine_.reset();
    stacks_.reset();
    type_.reset();
    environment_.reset();
    store_.reset();
    world_.at_once = 0;
  }

  // Opens the cloud again and lets it finish what it had begun.
  void restart() {
    world_.hanging.clear();
    world_.is_stuck = false;
    open();
    engine_->resume();
    testing::run(*io_, settle_all());
  }

  Outcome<std::string> act(Action action, json::object input) {
    return testing::run(*io_, perform(action, std::move(input)));
  }

  // Runs until a call hangs: the moment to crash.
  void act_until_stuck(Action action, json::object input) {
    asio::co_spawn(*io_, perform(action, std::move(input)), asio::detached);
    io_->restart();
    while (!world_.is_stuck && io_->run_one() > 0) {
    }
    ASSERT_TRUE(world_.is_stuck) << "nothing hung";
  }

  // Acts while a call hangs, and then lets that go on.
  Outcome<std::string> act_while_stuck(Action action, json::object input) {
    return testing::run(*io_, perform_and_release(action, std::move(input)));
  }

  Outcome<std::string> create(std::string_view body, json::object more = {}) {
    more["StackName"] = "demo";
    more["TemplateBody"] = body;
    return act(create_stack, std::move(more));
  }
  Outcome<std::string> update(std::string_view body, json::object more = {}) {
    more["StackName"] = "demo";
    more["TemplateBody"] = body;
    return act(update_stack, std::move(more));
  }
  Outcome<std::string> remove() { return act(delete_stack, {{"StackName", "demo"}}); }

  // The stack that has the name, or else one that had it.
  Stack stack() {
    if (auto present = stacks_->find("eu-west-1", "demo")) return *present;
    for (auto& found : stacks_->list("eu-west-1", "", 10)) {
      if (found.name == "demo") return found;
    }
    return {};
  }
  std::string status() { return stack().status; }
  std::string status_of(const std::string& logical_id) { return stacks_->resources(stack())[logical_id].status; }
  std::string id_of(const std::string& logical_id) {
    return stacks_->resources(stack())[logical_id].now.state.physical_id;
  }
  std::string output(std::string_view name) {
    for (const auto& entry : stack().outputs) {
      if (entry.at("OutputKey") == json::value(name)) return std::string(entry.at("OutputValue").as_string());
    }
    return "";
  }
  std::vector<std::string> take_calls() { return std::exchange(world_.calls, {}); }
  std::string reason_of(const std::string& logical_id) { return stacks_->resources(stack())[logical_id].reason; }
  // "A CREATE_COMPLETE", oldest first.
  std::vector<std::string> events() {
    std::vector<std::string> out;
    for (const auto& [_, event] : stacks_->events(stack(), 0, 1000)) {
      out.push_back(text(event, "LogicalResourceId") + " " + text(event, "ResourceStatus"));
    }
    std::ranges::reverse(out);
    return out;
  }

  Task<Outcome<std::string>> perform(Action action, json::object input) {
    NoBody body;
    http::IncomingRequest request{.head = {}, .body = body, .remote_address = ""};
    Call call{.request = request,
              .caller = {},
              .account = "000000000000",
              .region = "eu-west-1",
              .request_id = "r",
              .now = clock_.now()};
    co_return co_await action(*desk_, call, std::move(input));
  }
  Task<Outcome<std::string>> perform_and_release(Action action, json::object input) {
    asio::co_spawn(*io_, release_soon(), asio::detached);
    co_return co_await perform(action, std::move(input));
  }
  // Not before the action has had its say.
  Task<void> release_soon() {
    for (int i = 0; i < 3; ++i) co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    type_->release();
  }
  Task<void> settle_all() {
    for (const auto& operation : stacks_->operations()) {
      co_await engine_->wait_until_idle(operation.region, operation.uuid,
                                        std::chrono::steady_clock::now() + std::chrono::seconds(20));
    }
  }

  testing::TemporaryDirectory directory_;
  ManualClock clock_{parse_iso8601("2026-11-22T10:00:00Z").value()};
  World world_;
  StoredParameters parameters_;
  std::unique_ptr<asio::io_context> io_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Environment> environment_;
  std::unique_ptr<ThingType> type_;
  TypeTable types_;
  std::unique_ptr<StackStore> stacks_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Desk> desk_;
};

}  // namespace ads::cloud::cloudformation
