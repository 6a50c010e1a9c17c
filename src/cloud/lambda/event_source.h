// The pollers of event source mappings: each takes batches from its queue and runs the function on them.
// Woken by the queue's own long wait; nothing ticks.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "cloud/environment.h"
#include "cloud/lambda/limits.h"
#include "cloud/lambda/mapping.h"
#include "cloud/lambda/pool.h"
#include "cloud/lambda/queue_event.h"

namespace ads::cloud::lambda {

class EventSources {
 public:
  EventSources(Environment& environment, const Limits& limits, State& state, Pool& pool)
      : environment_(environment), limits_(limits), state_(state), pool_(pool), batches_(environment.executor) {}

  // Starts every enabled mapping.
  void start();
  // After a mapping was made, changed or removed: its poller takes the new configuration, batches in work finish with
  // theirs.
  Task<void> refresh(std::string region, std::string uuid);
  // The pool must be stopping already: batches in work end as failures and come back after their visibility timeout.
  Task<void> stop();
  // "No records processed", "OK" or "PROBLEM: Function call failed".
  std::string last_result(const std::string& uuid) const;

 private:
  using Steady = std::chrono::steady_clock;
  struct Poller {
    Poller(asio::any_io_executor executor, Mapping m) : mapping(std::move(m)), task(executor), freed(executor) {}
    Mapping mapping;
    std::vector<json::object> filters;
    TaskGroup task;
    Bell freed;
    std::size_t running = 0;  // batches in work
    bool is_stopping = false;
    std::string last_result = "No records processed";
  };
  using Shared = std::shared_ptr<Poller>;

  void launch(Mapping mapping);
  Task<void> poll(Shared poller);
  Outcome<void> may_poll(const Mapping& mapping);
  Task<std::vector<ReceivedMessage>> gather(Shared poller);
  Task<void> process(Shared poller, std::vector<ReceivedMessage> batch);
  Task<void> run_batch(Poller& poller, std::vector<ReceivedMessage> batch);
  Task<void> remove(const Mapping& mapping, std::vector<std::string> handles);

  Environment& environment_;
  const Limits& limits_;
  State& state_;
  Pool& pool_;
  TaskGroup batches_;
  std::map<std::string, Shared> pollers_;  // by UUID
};

}  // namespace ads::cloud::lambda
