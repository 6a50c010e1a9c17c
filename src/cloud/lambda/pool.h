// The sandboxes of every function: warm ones are reused, the last used first; simultaneous ones are limited.
#pragma once
#include <list>
#include <map>
#include <memory>
#include <string>

#include "cloud/environment.h"
#include "cloud/lambda/code_store.h"
#include "cloud/lambda/invocation.h"
#include "cloud/lambda/limits.h"
#include "cloud/lambda/sandbox.h"
#include "cloud/lambda/state.h"

namespace ads::cloud::lambda {

// How long an invocation waits: for a place on this machine, and for one of the function's reserved concurrency.
struct Patience {
  std::chrono::steady_clock::time_point machine{}, reserved{};
};

class Pool {
 public:
  static Patience until(std::chrono::steady_clock::time_point time) { return {time, time}; }
  using Steady = std::chrono::steady_clock;

  Pool(Environment& environment, const Limits& limits, State& state, CodeStore& codes)
      : environment_(environment),
        limits_(limits),
        state_(state),
        codes_(codes),
        tasks_(environment.executor),
        changed_(environment.executor) {}

  // Runs one invocation in a free sandbox, waiting for one as long as `patience` says (the default: not at all).
  // Errors: TooManyRequestsException; InvalidParameterValueException where Lambda may not assume the role;
  // ServiceException for a package that cannot be unpacked.
  Task<Outcome<InvocationResult>> invoke(Function function, Invocation invocation, Patience patience = {});
  // True once an invocation of the function would find room; false at `until`.
  Task<bool> wait_for_room(std::string region, std::string name, Steady::time_point until);
  // The function's code or configuration changed or is gone: its sandboxes are not used again.
  void retire(const std::string& region, const std::string& name);
  // Ends everything; running invocations end as crashes.
  Task<void> stop();
  void start();
  // Reserved concurrency was changed: whoever waits looks again.
  void rooms_changed() { changed_.ring_all(); }
  int concurrency_reserved_by_others(const std::string& region, const std::string& name) const;

 private:
  struct Idle {
    std::string key;  // region, name, version
    std::shared_ptr<Sandbox> sandbox;
    Steady::time_point since;
  };
  enum class Room { yes, reserved_full, full };

  Room room_for(const std::string& function_key) const;
  std::shared_ptr<Sandbox> take_idle(const std::string& key, const Function& function);
  void end(std::shared_ptr<Sandbox> sandbox);
  Task<void> end_and_wait(std::shared_ptr<Sandbox> sandbox);
  Task<Outcome<std::shared_ptr<Sandbox>>> make(Function function);
  Task<void> end_idle();
  // AWS/Lambda: Invocations, Errors and Duration, or Throttles, by function.
  void count(const Function& function, const InvocationResult* result, std::chrono::duration<double, std::milli> took);
  void count_concurrency(const Function& function);

  Environment& environment_;
  const Limits& limits_;
  State& state_;
  CodeStore& codes_;
  TaskGroup tasks_;
  Bell changed_;
  std::list<Idle> idle_;  // the longest unused first
  std::list<std::shared_ptr<Sandbox>> busy_;
  std::size_t count_ = 0;               // sandboxes and those being made; those being ended do not count
  std::map<std::string, int> running_;  // by function: region, name
  bool is_stopping_ = false;
};

}  // namespace ads::cloud::lambda
