#include "base/task.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include <exception>

#include "base/log.h"

namespace ads {

namespace {

// Learns of the end of an io_context before the coroutines that wait on it are destroyed.
class ContextEnd : public asio::execution_context::service {
 public:
  using key_type = ContextEnd;
  static inline asio::execution_context::id id;

  explicit ContextEnd(asio::execution_context& context) : service(context) {}
  static std::shared_ptr<const bool> of(const asio::any_io_executor& executor) {
    // Services are shut down in the reverse order of their making: the timers', whose shutdown destroys coroutines,
    // must be there first.
    asio::steady_timer timers(executor);
    return asio::use_service<ContextEnd>(asio::query(executor, asio::execution::context)).has_come_;
  }

 private:
  void shutdown() override { *has_come_ = true; }
  std::shared_ptr<bool> has_come_ = std::make_shared<bool>(false);
};

}  // namespace

struct TaskGroup::State {
  struct Running {
    std::string name;
    asio::cancellation_signal signal;
  };
  explicit State(asio::any_io_executor e) : executor(e), idle(e), is_over(ContextEnd::of(e)) {}
  asio::any_io_executor executor;
  std::list<Running> tasks;
  Bell idle;
  std::shared_ptr<const bool> is_over;  // the executor's context has ended, and every task with it
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

TaskGroup::~TaskGroup() {
  if (state_->tasks.empty() || *state_->is_over) return;
  log(LogLevel::error, "task group destroyed with a running task", {{"task", state_->tasks.front().name}});
  std::abort();
}

std::size_t TaskGroup::size() const {
  return state_->tasks.size();
}

void TaskGroup::spawn(std::string name, Task<void> task) {
  auto place = state_->tasks.emplace(state_->tasks.end());
  place->name = std::move(name);
  auto finished = [state = state_, place](std::exception_ptr exception) {
    const std::string name = std::move(place->name);
    state->tasks.erase(place);
    if (state->tasks.empty()) state->idle.ring_all();
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
                 asio::bind_cancellation_slot(place->signal.slot(), std::move(finished)));
}

Task<void> TaskGroup::stop() {
  auto state = state_;
  // A task may be between two waits when the signal comes and so miss it: ask again until it is gone.
  while (!state->tasks.empty()) {
    std::vector<State::Running*> asked;
    for (auto& task : state->tasks) asked.push_back(&task);
    for (auto* task : asked) {
      bool is_alive = std::any_of(state->tasks.begin(), state->tasks.end(), [&](auto& t) { return &t == task; });
      if (is_alive) task->signal.emit(asio::cancellation_type::all);
    }
    if (state->tasks.empty()) break;
    co_await state->idle.wait_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(20));
  }
}

Task<void> TaskGroup::drain() {
  auto state = state_;
  while (!state->tasks.empty()) co_await state->idle.wait();
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
