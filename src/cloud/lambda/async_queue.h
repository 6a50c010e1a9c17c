// Asynchronous invocations: a durable queue per function, retried and at last handed to its destinations.
// An event leaves the disk only after its outcome is settled: kill -9 repeats it, and never loses it.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>

#include "cloud/environment.h"
#include "cloud/lambda/async_event.h"
#include "cloud/lambda/limits.h"
#include "cloud/lambda/pool.h"
#include "cloud/lambda/state.h"

namespace ads::cloud::lambda {

class AsyncQueue {
 public:
  AsyncQueue(Environment& environment, const Limits& limits, State& state, Pool& pool);

  // Returns once the event is on disk. Errors: InternalFailure for a failing disk.
  Task<Outcome<void>> add(std::string region, FunctionName name, AsyncEvent event);
  // Finds the functions that have events waiting; its work grows with those, not with the events.
  void start();
  // Every event that waits is due so much earlier, and was accepted so much earlier.
  void bring_forward(Batch& batch, std::chrono::milliseconds by) const;
  // Lets deliveries in work end; the pool must be stopping already.
  Task<void> stop();
  std::size_t lanes() const { return lanes_.size(); }

 private:
  // What is known of one function's queue while it has events.
  struct Lane {
    Lane(asio::any_io_executor executor) : bell(executor) {}
    std::string region, name;
    std::string first;  // no event stands before this key
    std::set<std::string> in_flight;
    Bell bell;
  };

  void wake(const std::string& region, const std::string& name, const std::string& key);
  Task<void> run(std::shared_ptr<Lane> lane);
  Task<void> deliver(std::shared_ptr<Lane> lane, std::string key, std::string value);
  Task<void> attempt(Lane& lane, std::string key, std::string value);
  // Replaces the event by one due later, or removes it.
  void put_back(Lane& lane, const std::string& key, const AsyncEvent& event, std::chrono::milliseconds delay);
  Task<void> settle(Lane& lane, std::string key, AsyncEvent event, std::string condition,
                    const InvocationResult* result, InvokeConfig config, Function function);
  std::string new_key(std::string_view region, std::string_view name, std::uint64_t due);
  std::uint64_t now() const;

  Environment& environment_;
  const Limits& limits_;
  State& state_;
  Pool& pool_;
  TaskGroup tasks_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<Lane>> lanes_;
  std::uint64_t next_sequence_;
  bool is_stopping_ = false;
};

}  // namespace ads::cloud::lambda
