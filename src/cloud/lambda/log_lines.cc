#include "cloud/lambda/log_lines.h"

#include "base/log.h"

namespace ads::cloud::lambda {

void LogLines::add(std::string event) {
  if (event.empty()) return;
  tail_ += event;
  if (!event.ends_with('\n')) tail_ += '\n';
  if (tail_.size() > kTailLimit) tail_.erase(0, tail_.size() - kTailLimit);
  pending_bytes_ += event.size();
  pending_.push_back({environment_.clock.now(), std::move(event)});
  filled_.ring_one();
}

void LogLines::write(std::string line) {
  add(std::move(line));
}

void LogLines::feed(std::string_view output) {
  while (!output.empty()) {
    auto newline = output.find('\n');
    auto take = std::min(newline == std::string_view::npos ? output.size() : newline + 1, kLineLimit - partial_.size());
    partial_ += output.substr(0, take);
    output.remove_prefix(take);
    if (partial_.ends_with('\n') || partial_.size() >= kLineLimit) {
      if (partial_ != "\n") add(std::move(partial_));
      partial_.clear();
    }
  }
}

void LogLines::finish_line() {
  add(std::move(partial_));
  partial_.clear();
}

Task<void> LogLines::wait_for_room() {
  while (is_full() && !is_closed_) co_await emptied_.wait();
}

Task<void> LogLines::run() {
  for (;;) {
    while (pending_.empty() && !is_closed_) co_await filled_.wait();
    if (pending_.empty()) co_return;
    auto events = std::move(pending_);
    pending_.clear();
    pending_bytes_ = 0;
    if (environment_.logs) {
      auto stored = environment_.logs->may_append(region_, group_, stream_, writer_);
      if (stored) stored = co_await environment_.logs->append(region_, group_, stream_, std::move(events));
      if (!stored)
        log(LogLevel::warning, "a function's log lines are lost",
            {{"group", group_}, {"error", stored.error().message}});
    }
    emptied_.ring_all();
  }
}

void LogLines::close() {
  is_closed_ = true;
  filled_.ring_all();
  emptied_.ring_all();
}

}  // namespace ads::cloud::lambda
