// Task<T>: the one coroutine type of this code base, and the owner of tasks that run on their own.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "base/clock.h"

namespace ads {

namespace asio = boost::asio;

// Lazy; started by co_await or by TaskGroup::spawn. Parameters by value, or owned by the awaiting caller.
template <class T>
using Task = asio::awaitable<T>;

// Owns tasks that nobody awaits. Everything runs on one executor without locks: use it from that executor only.
class TaskGroup {
 public:
  explicit TaskGroup(asio::any_io_executor executor);
  ~TaskGroup();  // stop() must have finished; what still runs then is a bug and aborts

  // Begins the task after returning. An exception that escapes it is logged with `name` and ends that task alone.
  void spawn(std::string name, Task<void> task);
  // Asks every task to end (asio total/terminal cancellation) and waits until all have.
  Task<void> stop();
  // Waits until none runs, without asking any to end.
  Task<void> drain();
  std::size_t size() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// A bell that waiting tasks hear. One executor, no locks.
class Bell {
 public:
  explicit Bell(asio::any_io_executor executor) : executor_(std::move(executor)) {}
  void ring_all();
  void ring_one();  // the longest-waiting one
  // True when rung, false when `until` came first. Cancellation ends the wait with an operation_aborted exception.
  Task<bool> wait_until(std::chrono::steady_clock::time_point until);
  Task<void> wait();
  std::size_t waiting() const { return waiters_.size(); }

 private:
  struct Waiter;
  asio::any_io_executor executor_;
  std::list<Waiter*> waiters_;
};

// Waits; returns early only by cancellation.
Task<void> sleep_for(std::chrono::milliseconds duration);

}  // namespace ads
