// A progress bar on a terminal; silent elsewhere, so that logs and pipes stay clean.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ads::cli {

class Progress {
 public:
  // `total` 0: unknown; then only the count is shown.
  Progress(std::string_view what, std::uint64_t total, std::string_view unit);
  ~Progress();  // ends the line

  void set(std::uint64_t done);
  void hide();  // until the next set: what is printed then has the row for itself
  void add(std::uint64_t more) { set(done_ + more); }
  void set_total(std::uint64_t total) { total_ = total; }

 private:
  void draw();
  std::string what_, unit_;
  std::uint64_t total_, done_ = 0;
  bool is_shown_, is_drawn_ = false;
  std::chrono::steady_clock::time_point started_, drawn_{};
};

// "sending [####....]  50 %  5.0 MB, 1.2 MB/s" in fewer than `columns` columns; without the bar where there is no room.
std::string progress_line(std::string_view what, std::optional<double> share, std::string_view counts,
                          std::size_t columns);

}  // namespace ads::cli
