// What happened in a simulation, line by line: "0:01:12.345 #7 worker checkpoint ...". Off, it costs nothing.
#pragma once
#include <fmt/core.h>

#include <string>

#include "base/clock.h"

namespace ads::simulation {

class EventLog {
 public:
  explicit EventLog(const Clock& clock) : clock_(clock), start_(clock.now()) {}

  void turn_on() { is_on_ = true; }
  const std::string& text() const { return text_; }

  template <class... Args>
  void note(fmt::format_string<Args...> format, Args&&... args) {
    if (is_on_) write(fmt::format(format, std::forward<Args>(args)...));
  }

 private:
  void write(const std::string& line) {
    auto ms = (clock_.now() - start_).count();
    text_ +=
        fmt::format("{}:{:02}:{:02}.{:03} {}\n", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000, line);
  }

  const Clock& clock_;
  SystemTime start_;
  bool is_on_ = false;
  std::string text_;
};

}  // namespace ads::simulation
