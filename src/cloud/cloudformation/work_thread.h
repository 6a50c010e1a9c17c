// A thread for long work over values: while a template of 1 MB is read or resolved, the cloud answers other requests.
#pragma once
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <type_traits>

#include "base/task.h"

namespace ads::cloud::cloudformation {

class WorkThread {
 public:
  // Runs `work` after what was given before, and comes back with its value; rethrows what it threw. The work may read
  // the store, and what the awaiting caller owns. The wait ignores cancellation.
  template <class Work>
  Task<std::invoke_result_t<Work&>> run(Work work) {
    std::optional<std::invoke_result_t<Work&>> value;
    std::exception_ptr failure;
    auto executor = co_await asio::this_coro::executor;
    co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(
        [&](auto handler) {
          asio::post(thread_, [&work, &value, &failure, executor, handler = std::move(handler)]() mutable {
            try {
              value.emplace(work());
            } catch (...) {
              failure = std::current_exception();
            }
            asio::post(executor, [handler = std::move(handler)]() mutable { std::move(handler)(); });
          });
        },
        asio::use_awaitable);
    if (failure) std::rethrow_exception(failure);
    co_return *std::move(value);
  }

 private:
  asio::thread_pool thread_{1};
};

}  // namespace ads::cloud::cloudformation
