#include "cli/progress.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace ads::cli {
namespace {

constexpr int kWidth = 30;
constexpr auto kEvery = std::chrono::milliseconds(100);

}  // namespace

Progress::Progress(std::string_view what, std::uint64_t total, std::string_view unit)
    : what_(what),
      unit_(unit),
      total_(total),
      is_shown_(::isatty(STDERR_FILENO) == 1),
      started_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
  if (!is_shown_ || drawn_ == std::chrono::steady_clock::time_point{}) return;
  draw();
  std::fputc('\n', stderr);
}

void Progress::set(std::uint64_t done) {
  done_ = done;
  if (!is_shown_ || std::chrono::steady_clock::now() - drawn_ < kEvery) return;
  draw();
}

void Progress::draw() {
  drawn_ = std::chrono::steady_clock::now();
  double seconds = std::chrono::duration<double>(drawn_ - started_).count();
  std::string line = fmt::format("\r{} ", what_);
  if (total_ > 0) {
    double share = std::min(1.0, double(done_) / double(total_));
    int filled = int(share * kWidth);
    line += fmt::format("[{}{}] {:3.0f} %  ", std::string(filled, '#'), std::string(kWidth - filled, '.'), share * 100);
  }
  line += fmt::format("{} {}, {:.0f}/s \x1b[K", done_, unit_, seconds > 0 ? double(done_) / seconds : 0.0);
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace ads::cli
