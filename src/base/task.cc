#include "base/task.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "base/log.h"

namespace ads {

struct TaskGroup::State {
  explicit State(asio::any_io_executor e) : executor(e), idle(e) {}
  asio::any_io_executor executor;
  std::list<asio::cancellation_signal> signals;
  Bell idle;
};

namespace {

// co_spawn may run a task at once, inside spawn(): a task that ends there would ring a bell that its spawner does not
// wait for yet.
Task<void> begin_later(Task<void> task) {
  co_await asio::post(asio::use_awaitable);
  co_await std::move(task);
}

}  // namespace

TaskGroup::TaskGroup(asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

TaskGroup::~TaskGroup() = default;

std::size_t TaskGroup::size() const {
  return state_->signals.size();
}

void TaskGroup::spawn(std::string name, Task<void> task) {
  auto signal = state_->signals.emplace(state_->signals.end());
  auto finished = [state = state_, signal, name = std::move(name)](std::exception_ptr exception) {
    state->signals.erase(signal);
    if (state->signals.empty()) state->idle.ring_all();
    if (!exception) return;
    try {
      std::rethrow_exception(exception);
    } catch (const boost::system::system_error& error) {
      if (error.code() == asio::error::operation_aborted) return;
      log(LogLevel::error, "a task failed", {{"task", name}, {"error", error.what()}});
    } catch (const std::exception& error) {
      log(LogLevel::error, "a task failed", {{"task", name}, {"error", error.what()}});
    }
  };
  asio::co_spawn(state_->executor, begin_later(std::move(task)),
                 asio::bind_cancellation_slot(signal->slot(), std::move(finished)));
}

Task<void> TaskGroup::stop() {
  auto state = state_;
  // A task may be between two waits when the signal comes and so miss it: ask again until it is gone.
  while (!state->signals.empty()) {
    std::vector<asio::cancellation_signal*> signals;
    for (auto& signal : state->signals) signals.push_back(&signal);
    for (auto* signal : signals) {
      bool is_alive = std::any_of(state->signals.begin(), state->signals.end(), [&](auto& s) { return &s == signal; });
      if (is_alive) signal->emit(asio::cancellation_type::all);
    }
    if (state->signals.empty()) break;
    co_await state->idle.wait_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(20));
  }
}

Task<void> TaskGroup::drain() {
  auto state = state_;
  while (!state->signals.empty()) co_await state->idle.wait();
}

struct Bell::Waiter {
  asio::steady_timer timer;
  bool is_rung = false;
};

void Bell::ring_one() {
  if (waiters_.empty()) return;
  Waiter* waiter = waiters_.front();
  waiters_.pop_front();
  waiter->is_rung = true;
  waiter->timer.cancel();
}

void Bell::ring_all() {
  while (!waiters_.empty()) ring_one();
}

Task<bool> Bell::wait_until(std::chrono::steady_clock::time_point until) {
  Waiter waiter{asio::steady_timer(executor_, until)};
  waiters_.push_back(&waiter);
  boost::system::error_code error;
  co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
  if (waiter.is_rung) co_return true;
  waiters_.remove(&waiter);
  if (error) throw boost::system::system_error(error);
  co_return false;
}

Task<void> Bell::wait() {
  co_await wait_until(std::chrono::steady_clock::time_point::max());
}

Task<void> sleep_for(std::chrono::milliseconds duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor, duration);
  co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace ads
