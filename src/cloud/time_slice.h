// Long work on the executor in slices: between two of them the cloud answers others.
#pragma once
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "base/task.h"

namespace ads::cloud {

class TimeSlice {
 public:
  using Steady = std::chrono::steady_clock;

  bool is_over() const { return Steady::now() - begun_ >= kLength; }
  // Lets others have a turn where the slice is over. What was read before may have changed afterwards.
  Task<void> pass() {
    if (!is_over()) co_return;
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    begun_ = Steady::now();
  }

 private:
  static constexpr std::chrono::milliseconds kLength{10};
  Steady::time_point begun_ = Steady::now();
};

}  // namespace ads::cloud
