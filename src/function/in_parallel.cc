#include "function/in_parallel.h"

#include <algorithm>

namespace ads::function {
namespace {

struct Progress {
  std::size_t next = 0;
  std::exception_ptr exception;
};

Task<void> work(Progress& progress, std::size_t count, const std::function<Task<void>(std::size_t)>& task) {
  while (progress.next < count && !progress.exception) {
    std::size_t index = progress.next++;
    try {
      co_await task(index);
    } catch (...) {
      if (!progress.exception) progress.exception = std::current_exception();
    }
  }
}

}  // namespace

Task<void> in_parallel(std::size_t count, std::size_t limit, std::function<Task<void>(std::size_t)> task) {
  Progress progress;
  std::size_t workers = std::min(count, std::max<std::size_t>(limit, 1));
  if (workers <= 1) {
    co_await work(progress, count, task);
  } else {
    TaskGroup group(co_await asio::this_coro::executor);
    // The workers use this frame: cancelled or not, it stays until they have ended.
    co_await asio::this_coro::throw_if_cancelled(false);
    for (std::size_t i = 0; i < workers; ++i) group.spawn("one of several", work(progress, count, task));
    bool is_cancelled = false;
    while (group.size() > 0) {
      try {
        co_await (is_cancelled ? group.stop() : group.drain());
      } catch (const boost::system::system_error&) {
        is_cancelled = true;
      }
    }
    co_await asio::this_coro::throw_if_cancelled(true);
    if (is_cancelled) throw boost::system::system_error(asio::error::operation_aborted);
  }
  if (progress.exception) std::rethrow_exception(progress.exception);
}

}  // namespace ads::function
