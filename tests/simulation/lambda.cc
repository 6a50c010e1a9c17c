#include "simulation/lambda.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>

#include "function/dispatch.h"
#include "function/retry.h"
#include "function/sweep.h"
#include "function/worker.h"
#include "simulation/mutants.h"
#include "simulation/payloads.h"
#include "simulation/ports.h"

namespace ads::simulation {

using function::Role;
using std::chrono::minutes;
using std::chrono::seconds;

// Kept to the simulation's end: what a sandbox sent may arrive after it has gone.
struct Lambda::Running {
  Running(Cloud& cloud, const Mutant* mutant)
      : wire(cloud.ground, sandbox),
        ports(cloud, wire),
        wrapped(mutant ? mutant->wrap(cloud, wire, ports) : nullptr),
        world(wrapped ? wrapped->mutated() : ports.world()),
        settings(cloud.ground.scenario.settings) {
    if (mutant && mutant->change) mutant->change(settings);
  }

  Sandbox sandbox;
  Wire wire;
  Ports ports;
  std::unique_ptr<WrappedWorld> wrapped;
  function::World world;
  function::Settings settings;
  std::function<void(InvocationEnd)> on_end;
  bool is_over = false;  // for the invoker; its coroutines may still have to hear of it
};

struct Lambda::Mapping {
  MessageQueue& queue;
  Role role;
  std::size_t batch;
  int concurrency;
  int in_flight = 0;
  bool is_polling = false;
};

Lambda::Lambda(Cloud& cloud) : cloud_(cloud) {}
Lambda::~Lambda() = default;

seconds Lambda::timeout_of(Role role) const {
  switch (role) {
    case Role::dispatch:
    case Role::worker:
      return cloud_.ground.scenario.timeout;
    case Role::retry:
      return seconds(60);
    case Role::sweep:
      break;
  }
  return seconds(300);
}

std::shared_ptr<Lambda::Running> Lambda::start(Role role, std::string request_id,
                                               std::function<void(InvocationEnd)> on_end) {
  auto running = std::make_shared<Running>(cloud_, mutant_);
  Sandbox& sandbox = running->sandbox;
  troubles_.push_back(0);
  sandbox.number = static_cast<int>(troubles_.size());
  sandbox.role = role;
  sandbox.request_id = std::move(request_id);
  sandbox.skew = cloud_.ground.dice.time(-cloud_.ground.faults.skew, cloud_.ground.faults.skew);
  sandbox.deadline = cloud_.ground.now() + timeout_of(role);
  running->on_end = std::move(on_end);
  running_.push_back(running);
  graveyard_.push_back(running);
  // Lambda sees a crash within moments, and kills at the deadline.
  cloud_.ground.timeline.at(sandbox.deadline, [this, running] {
    if (running->is_over) return;
    cloud_.ground.count(Fault::deadline);
    if (cloud_.ground.faults.is_good_day && running->sandbox.is_in_a_chunk && running->sandbox.role != Role::retry)
      cloud_.ground.violate("{} reaches its deadline in a chunk", running->sandbox.name());
    running->wire.die("its deadline");
    over(running, std::nullopt);
  });
  running->wire.on_death = [this, raw = running.get()] {
    cloud_.ground.timeline.after(milliseconds(10), [this, raw] {
      over(graveyard_[static_cast<std::size_t>(raw->sandbox.number - 1)], std::nullopt);
    });
  };
  return running;
}

void Lambda::over(const std::shared_ptr<Running>& running, InvocationEnd end) {
  if (std::exchange(running->is_over, true)) return;
  troubles_[static_cast<std::size_t>(running->sandbox.number - 1)] = running->sandbox.troubles;
  EventLog& log = cloud_.ground.log;
  if (end && *end)
    log.note("{} answers {}", running->sandbox.name(), **end);
  else if (end)
    log.note("{} fails: {}: {}", running->sandbox.name(), end->error().code, end->error().message);
  running_.remove(running);
  running->on_end(std::move(end));
}

void Lambda::invoke(Role role, std::string request_id, std::string payload, std::function<void(InvocationEnd)> on_end) {
  auto running = start(role, request_id, std::move(on_end));
  cloud_.ground.log.note("{} begins: {}", running->sandbox.name(), payload);
  function::Invocation invocation{std::move(request_id), std::move(payload),
                                  running->sandbox.deadline + running->sandbox.skew, "arn", ""};
  const auto& settings = running->settings;
  auto task = role == Role::dispatch ? function::dispatch(running->world, settings, std::move(invocation))
              : role == Role::worker ? function::worker(running->world, settings, std::move(invocation))
              : role == Role::retry  ? function::retry(running->world, settings, std::move(invocation))
                                     : function::sweep(running->world, settings, std::move(invocation));
  spawn(std::move(running), std::move(task));
}

void Lambda::run_aside(Body body, std::function<void(InvocationEnd)> on_end) {
  auto running = start(Role::sweep, "operator", std::move(on_end));
  auto task = body(running->world, running->settings);
  spawn(std::move(running), std::move(task));
}

void Lambda::spawn(std::shared_ptr<Running> running, Task<Result<std::string>> task) {
  auto finished = [this, running](std::exception_ptr exception, Result<std::string> answer) {
    if (!exception && !running->sandbox.is_dead) return over(running, std::move(answer));
    if (!running->sandbox.is_dead) {
      try {
        std::rethrow_exception(exception);
      } catch (const std::exception& error) {
        cloud_.ground.violate("{} throws: {}", running->sandbox.name(), error.what());
      } catch (...) {
        cloud_.ground.violate("{} throws", running->sandbox.name());
      }
    }
    over(running, std::nullopt);
  };
  asio::co_spawn(cloud_.ground.timeline.io(), std::move(task), std::move(finished));
}

void Lambda::send_event(Role role, std::string payload) {
  std::string request_id = fmt::format("request-{}", ++requests_);
  Ground& ground = cloud_.ground;
  if (ground.strikes(ground.faults.invoked_twice, Fault::invoked_twice)) attempt_event(role, request_id, payload, 2);
  attempt_event(role, std::move(request_id), std::move(payload), 0);
}

// The first attempt at once, the second after a minute, the third after two more.
void Lambda::attempt_event(Role role, std::string request_id, std::string payload, int attempt) {
  ++waiting_events_;
  Ground& ground = cloud_.ground;
  auto delay = ground.dice.time(milliseconds(20), milliseconds(2000)) + minutes(attempt < 2 ? attempt : 0);
  ground.timeline.after(delay, [=, this] {
    --waiting_events_;
    invoke(role, request_id, payload, [=, this](InvocationEnd end) {
      if (end && *end) return;
      if (attempt < 2 && role != Role::sweep) return attempt_event(role, request_id, payload, attempt + 1);
      if (role == Role::sweep) return;  // the next one comes anyway
      cloud_.ground.count(Fault::event_failed);
      cloud_.ground.log.note("an event failed for good: {}", payload);
      failed_events_.push_back({role, payload});
    });
  });
}

void Lambda::map_queue(MessageQueue& queue, Role role, std::size_t batch, int concurrency) {
  mappings_.push_back(std::make_unique<Mapping>(queue, role, batch, concurrency));
  queue.set_listener([this, mapping = mappings_.back().get()] { poll_soon(*mapping); });
}

void Lambda::poll_soon(Mapping& mapping) {
  if (std::exchange(mapping.is_polling, true)) return;
  cloud_.ground.timeline.after(cloud_.ground.dice.time(milliseconds(5), milliseconds(200)), [this, &mapping] {
    mapping.is_polling = false;
    poll(mapping);
  });
}

void Lambda::poll(Mapping& mapping) {
  while (mapping.in_flight < mapping.concurrency) {
    std::vector<Message> messages = mapping.queue.receive(mapping.batch);
    if (messages.empty()) return;
    ++mapping.in_flight;
    std::string payload = queue_event(mapping.queue, messages);
    invoke(mapping.role, fmt::format("request-{}", ++requests_), std::move(payload),
           [this, &mapping, messages](InvocationEnd end) { settle(mapping, messages, end); });
  }
}

void Lambda::settle(Mapping& mapping, const std::vector<Message>& messages, const InvocationEnd& end) {
  --mapping.in_flight;
  poll_soon(mapping);
  if (!end || !*end) return;  // all of them show again when their visibility ends
  FailedItems failed = failed_items(**end);
  if (failed.are_all) return cloud_.ground.violate("an answer names no batchItemFailures: {}", **end);
  Ground& ground = cloud_.ground;
  for (const Message& message : messages) {
    bool has_failed = std::find(failed.ids.begin(), failed.ids.end(), message.id) != failed.ids.end();
    if (has_failed || ground.strikes(ground.faults.delete_lost, Fault::delete_lost)) continue;
    mapping.queue.remove(message);
  }
}

}  // namespace ads::simulation
