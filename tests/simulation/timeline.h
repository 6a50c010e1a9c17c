// Virtual time: what is to happen, when, and the coroutines that wait for it. Time passes only from one event to the
// next.
#pragma once
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/task.h"

namespace ads::simulation {

class Timeline : public Clock {
 public:
  explicit Timeline(SystemTime start) : now_(start), work_(io_.get_executor()) {}
  ~Timeline() override;

  SystemTime now() const override { return now_; }
  asio::io_context& io() { return io_; }

  // Events of one moment happen in the order of their making.
  void at(SystemTime when, std::move_only_function<void()> act);
  void after(std::chrono::milliseconds time, std::move_only_function<void()> act) { at(now_ + time, std::move(act)); }
  // Ends early only by cancellation, with operation_aborted.
  Task<void> wait_until(SystemTime when);

  // Lets every coroutine run as far as it can, then goes on to the next event. False: there is none.
  bool step();
  // When the next event happens; nothing but what is ready happens before.
  SystemTime next() const;

 private:
  struct Event {
    SystemTime when;
    std::uint64_t number;
    std::move_only_function<void()> act;
  };
  struct IsLater {
    bool operator()(const Event& a, const Event& b) const {
      return a.when != b.when ? a.when > b.when : a.number > b.number;
    }
  };

  SystemTime now_;
  std::uint64_t events_ = 0;
  std::vector<Event> queue_;  // a heap
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
};

}  // namespace ads::simulation
