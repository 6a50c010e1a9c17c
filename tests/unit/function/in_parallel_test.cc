#include "function/in_parallel.h"

#include <gtest/gtest.h>

#include "run_task.h"

namespace ads::function {
namespace {

struct Counted {
  explicit Counted(int& n) : count(n) { ++count; }
  ~Counted() { --count; }
  int& count;
};

Task<void> hang(int& running) {
  Counted counted(running);
  co_await sleep_for(std::chrono::hours(1));
}

// The tasks refer to the frame of whoever waits for them.
Task<void> hang_together(int& running, int& frames) {
  Counted frame(frames);
  co_await in_parallel(5, 3, [&](std::size_t) { return hang(running); });
}

TEST(InParallel, CancelledItEndsItsTasksBeforeItReturns) {
  asio::io_context io(1);
  testing::run(io, [&]() -> Task<void> {
    int running = 0, frames = 0;
    TaskGroup group(io.get_executor());
    group.spawn("several", hang_together(running, frames));
    while (running < 3) co_await asio::post(asio::use_awaitable);
    co_await group.stop();
    EXPECT_EQ(running, 0);
    EXPECT_EQ(frames, 0);
  }());
}

TEST(InParallel, RethrowsAfterTheOthersHaveEnded) {
  asio::io_context io(1);
  int finished = 0;
  auto task = [&](std::size_t index) -> Task<void> {
    co_await asio::post(asio::use_awaitable);
    if (index == 0) throw std::runtime_error("a bug");
    co_await asio::post(asio::use_awaitable);
    ++finished;
  };
  EXPECT_THROW(testing::run(io, in_parallel(2, 2, task)), std::runtime_error);
  EXPECT_EQ(finished, 1);
}

}  // namespace
}  // namespace ads::function
