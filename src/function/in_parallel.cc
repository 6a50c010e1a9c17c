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
    for (std::size_t i = 0; i < workers; ++i) group.spawn("one of several", work(progress, count, task));
    co_await group.drain();
  }
  if (progress.exception) std::rethrow_exception(progress.exception);
}

}  // namespace ads::function
