// A bounded number of tasks at work at once.
#pragma once
#include "base/task.h"

namespace ads::cli {

class InFlight {
 public:
  InFlight(asio::any_io_executor executor, std::size_t most) : tasks_(executor), freed_(executor), most_(most) {}

  // Starts the task, once fewer than `most` are at work.
  Task<void> start(Task<void> task) {
    while (running_ >= most_) co_await freed_.wait();
    ++running_;
    tasks_.spawn("in flight", run(std::move(task)));
  }
  // Waits until all have ended.
  Task<void> drain() {
    while (running_ > 0) co_await freed_.wait();
  }

 private:
  Task<void> run(Task<void> task) {
    // Counted down even where the task ends with an exception.
    struct Ended {
      InFlight& owner;
      ~Ended() {
        --owner.running_;
        owner.freed_.ring_all();
      }
    } ended{*this};
    co_await std::move(task);
  }

  TaskGroup tasks_;
  Bell freed_;
  std::size_t most_, running_ = 0;
};

}  // namespace ads::cli
