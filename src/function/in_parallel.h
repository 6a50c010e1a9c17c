// Several tasks at once, awaited together; and one task started ahead of the moment its value is needed.
#pragma once
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/task.h"

namespace ads::function {

// Runs task(i) for each i in [0, count), at most `limit` at once, and returns when all that began have ended. After an
// exception no further one begins; the first is rethrown. Cancelled, it cancels the tasks and waits for their end.
Task<void> in_parallel(std::size_t count, std::size_t limit, std::function<Task<void>(std::size_t)> task);

// A value that is fetched while something else is done. `group` owns the task: whoever stops the group may drop the
// Ahead.
template <class T>
class Ahead {
 public:
  Ahead(TaskGroup& group, asio::any_io_executor executor) : group_(group), state_(std::make_shared<State>(executor)) {}

  bool is_started() const { return state_->is_started; }

  // Only when nothing is under way.
  void start(std::string name, Task<T> task) {
    state_->is_started = true;
    group_.spawn(std::move(name), run(state_, std::move(task)));
  }

  // Waits for what start() began; rethrows what the task threw.
  Task<T> take() {
    auto state = state_;
    while (!state->value && !state->exception) co_await state->bell.wait();
    state->is_started = false;
    if (state->exception) std::rethrow_exception(std::exchange(state->exception, nullptr));
    T value = std::move(*state->value);
    state->value.reset();
    co_return value;
  }

 private:
  struct State {
    explicit State(asio::any_io_executor executor) : bell(std::move(executor)) {}
    bool is_started = false;
    std::optional<T> value;
    std::exception_ptr exception;
    Bell bell;
  };

  static Task<void> run(std::shared_ptr<State> state, Task<T> task) {
    try {
      state->value.emplace(co_await std::move(task));
    } catch (...) {
      state->exception = std::current_exception();
    }
    state->bell.ring_all();
  }

  TaskGroup& group_;
  std::shared_ptr<State> state_;
};

}  // namespace ads::function
