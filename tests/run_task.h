// Runs one coroutine to its end on an io_context of its own, and gives its value: what a test calls instead of main().
#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>

#include "base/task.h"

namespace ads::testing {

// The task's exception, if any, comes out here. Stops when the task has ended, whatever else still waits.
template <class T>
T run(asio::io_context& io, Task<T> task) {
  std::exception_ptr failure;
  if constexpr (std::is_void_v<T>) {
    asio::co_spawn(io, std::move(task), [&](std::exception_ptr e) { failure = e, io.stop(); });
    io.restart();
    io.run();
    if (failure) std::rethrow_exception(failure);
  } else {
    std::optional<T> value;
    asio::co_spawn(io, std::move(task), [&](std::exception_ptr e, T result) {
      failure = e;
      if (!e) value.emplace(std::move(result));
      io.stop();
    });
    io.restart();
    io.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*value);
  }
}

template <class T>
T run(Task<T> task) {
  asio::io_context io(1);
  return run(io, std::move(task));
}

}  // namespace ads::testing
