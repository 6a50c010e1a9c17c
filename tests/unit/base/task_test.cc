#include "base/task.h"

#include <gtest/gtest.h>

#include "run_task.h"

namespace ads {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

TEST(TaskGroup, StopEndsWhatWaitsAndWaitsForIt) {
  asio::io_context io(1);
  bool is_ended = false;
  testing::run(io, [&]() -> Task<void> {
    TaskGroup group(io.get_executor());
    group.spawn("sleeper", [](bool& is_ended) -> Task<void> {
      struct End {
        bool& flag;
        ~End() { flag = true; }
      } end{is_ended};
      co_await sleep_for(std::chrono::hours(1));
    }(is_ended));
    co_await asio::post(asio::use_awaitable);
    EXPECT_EQ(group.size(), 1u);
    co_await group.stop();
    EXPECT_EQ(group.size(), 0u);
    EXPECT_TRUE(is_ended);
  }());
}

TEST(TaskGroup, AnExceptionEndsItsTaskAlone) {
  asio::io_context io(1);
  int finished = 0;
  testing::run(io, [&]() -> Task<void> {
    TaskGroup group(io.get_executor());
    group.spawn("faulty", []() -> Task<void> {
      co_await asio::post(asio::use_awaitable);
      throw std::runtime_error("a bug");
    }());
    group.spawn("sound", [](int& finished) -> Task<void> {
      co_await asio::post(asio::use_awaitable);
      ++finished;
    }(finished));
    co_await group.drain();
  }());
  EXPECT_EQ(finished, 1);
}

TEST(TaskGroup, ATaskBeginsAfterSpawnHasReturned) {
  asio::io_context io(1);
  testing::run(io, [&]() -> Task<void> {
    TaskGroup group(io.get_executor());
    bool has_begun = false;
    group.spawn("at once", [](bool& has_begun) -> Task<void> {
      has_begun = true;
      co_return;
    }(has_begun));
    EXPECT_FALSE(has_begun);
    co_await group.drain();
    EXPECT_TRUE(has_begun);
  }());
}

TEST(TaskGroupDeathTest, DestroyedWithARunningTaskItAborts) {
  EXPECT_DEATH(
      {
        asio::io_context io(1);
        TaskGroup group(io.get_executor());
        group.spawn("left behind", sleep_for(std::chrono::hours(1)));
        io.poll();
      },
      "task group destroyed with a running task.*left behind");
}

TEST(TaskGroup, WhatTheEndOfItsContextDestroyedDoesNotCount) {
  auto io = std::make_unique<asio::io_context>(1);
  TaskGroup outside(io->get_executor());
  outside.spawn("outside", sleep_for(std::chrono::hours(1)));
  bool is_waiting = false;
  asio::co_spawn(
      *io,
      [](asio::any_io_executor executor, bool& is_waiting) -> Task<void> {
        TaskGroup inside(executor);
        inside.spawn("inside", sleep_for(std::chrono::hours(1)));
        is_waiting = true;
        co_await inside.drain();
      }(io->get_executor(), is_waiting),
      asio::detached);
  io->poll();
  EXPECT_TRUE(is_waiting);
  EXPECT_EQ(outside.size(), 1u);
  io.reset();
}

TEST(Bell, RingsTheLongestWaitingFirst) {
  asio::io_context io(1);
  std::string order;
  testing::run(io, [&]() -> Task<void> {
    Bell bell(io.get_executor());
    TaskGroup group(io.get_executor());
    for (char name : {'a', 'b', 'c'})
      group.spawn("waiter", [](Bell& bell, char name, std::string& order) -> Task<void> {
        co_await bell.wait();
        order += name;
      }(bell, name, order));
    co_await asio::post(asio::use_awaitable);
    co_await asio::post(asio::use_awaitable);
    EXPECT_EQ(bell.waiting(), 3u);
    bell.ring_one();
    while (order.empty()) co_await asio::post(asio::use_awaitable);
    EXPECT_EQ(order, "a");
    bell.ring_all();
    co_await group.drain();
  }());
  EXPECT_EQ(order, "abc");
}

TEST(Bell, TellsRungFromLate) {
  asio::io_context io(1);
  testing::run(io, [&]() -> Task<void> {
    Bell bell(io.get_executor());
    EXPECT_FALSE(co_await bell.wait_until(steady_clock::now() + milliseconds(1)));
    EXPECT_EQ(bell.waiting(), 0u);
    asio::post(io, [&] { bell.ring_all(); });
    EXPECT_TRUE(co_await bell.wait_until(steady_clock::now() + std::chrono::seconds(10)));
  }());
}

}  // namespace
}  // namespace ads
