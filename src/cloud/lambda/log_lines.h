// One sandbox's log stream: cuts what the process prints into lines and carries them to CloudWatch Logs.
#pragma once
#include <string>
#include <vector>

#include "base/task.h"
#include "cloud/environment.h"

namespace ads::cloud::lambda {

inline constexpr std::size_t kLineLimit = 256 * 1024;      // a longer line becomes several events
inline constexpr std::size_t kTailLimit = 4 * 1024;        // what LogType=Tail shows
inline constexpr std::size_t kPendingLimit = 1024 * 1024;  // past it the process's output waits in its pipe

class LogLines {
 public:
  // `writer`: Lambda with the function's role, whose policies must let it write.
  LogLines(Environment& environment, Source writer, std::string region, std::string group, std::string stream)
      : environment_(environment),
        writer_(std::move(writer)),
        region_(std::move(region)),
        group_(std::move(group)),
        stream_(std::move(stream)),
        filled_(environment.executor),
        emptied_(environment.executor) {}

  // A line of Lambda's own, complete with its newline; nothing where it is empty.
  void write(std::string line);
  // Output of the process, cut anywhere.
  void feed(std::string_view output);
  // The rest of an unfinished line becomes an event: the invocation is over.
  void finish_line();
  // The last 4 KB since `start_tail`, for LogType=Tail.
  void start_tail() { tail_.clear(); }
  const std::string& tail() const { return tail_; }

  bool is_full() const { return pending_bytes_ > kPendingLimit; }
  Task<void> wait_for_room();
  // Carries lines until `close`, then what is left.
  Task<void> run();
  void close();
  const std::string& stream() const { return stream_; }

 private:
  void add(std::string event);

  Environment& environment_;
  Source writer_;
  std::string region_, group_, stream_;
  std::string partial_, tail_;
  std::vector<LogEvent> pending_;
  std::size_t pending_bytes_ = 0;
  bool is_closed_ = false;
  Bell filled_, emptied_;
};

}  // namespace ads::cloud::lambda
