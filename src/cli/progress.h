// A progress bar on a terminal; silent elsewhere, so that logs and pipes stay clean.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace ads::cli {

class Progress {
 public:
  // `total` 0: unknown; then only the count is shown.
  Progress(std::string_view what, std::uint64_t total, std::string_view unit);
  ~Progress();  // ends the line

  void set(std::uint64_t done);
  void add(std::uint64_t more) { set(done_ + more); }
  void set_total(std::uint64_t total) { total_ = total; }

 private:
  void draw();
  std::string what_, unit_;
  std::uint64_t total_, done_ = 0;
  bool is_shown_;
  std::chrono::steady_clock::time_point started_, drawn_{};
};

}  // namespace ads::cli
