#include "cli/progress.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "batch/mail.h"
#include "cli/status_text.h"
#include "cli/text_width.h"

namespace ads::cli {
namespace {

constexpr std::size_t kWidth = 30, kNarrowest = 5;
constexpr auto kEvery = std::chrono::milliseconds(100);
// What ends sooner needs no progress.
constexpr auto kFirst = std::chrono::milliseconds(300);

std::size_t columns_of_standard_error() {
  winsize found{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &found) == 0 && found.ws_col > 0 ? found.ws_col : 80;
}

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
  auto now = std::chrono::steady_clock::now();
  if (!is_shown_ || now - started_ < kFirst || now - drawn_ < kEvery) return;
  draw();
}

void Progress::hide() {
  if (!is_drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  is_drawn_ = false;
}

void Progress::draw() {
  drawn_ = std::chrono::steady_clock::now();
  double seconds = std::chrono::duration<double>(drawn_ - started_).count();
  auto amount = [this](std::uint64_t count) {
    return unit_ == "bytes" ? bytes_text(count) : fmt::format("{} {}", batch::with_thousands(count), unit_);
  };
  std::string counts = amount(done_);
  if (seconds >= 1) counts += fmt::format(", {}/s", amount(static_cast<std::uint64_t>(double(done_) / seconds)));
  auto line = progress_line(what_, total_ > 0 ? std::optional(double(done_) / double(total_)) : std::nullopt, counts,
                            columns_of_standard_error());
  std::fputs(("\r" + line + "\x1b[K").c_str(), stderr);
  std::fflush(stderr);
  is_drawn_ = true;
}

std::string progress_line(std::string_view what, std::optional<double> share, std::string_view counts,
                          std::size_t columns) {
  std::string percent, bar;
  if (share) {
    share = std::clamp(*share, 0.0, 1.0);
    percent = fmt::format(" {:3.0f} %", *share * 100);
    auto taken = width_of(what) + percent.size() + width_of(counts) + 7;
    std::size_t width = columns > taken ? std::min(kWidth, columns - taken) : 0;
    auto filled = static_cast<std::size_t>(*share * double(width));
    if (width >= kNarrowest) bar = fmt::format(" [{}{}]", std::string(filled, '#'), std::string(width - filled, '.'));
  }
  // The last column stays free: some terminals begin a new row there.
  return cut(fmt::format("{}{}{}  {}", what, bar, percent, counts), columns - 1);
}

}  // namespace ads::cli
