#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace ads::cli {
namespace {

struct Size {
  std::size_t rows = 24, columns = 80;
};

Size terminal_size() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return {};
  return {size.ws_row, size.ws_col};
}

const char* code_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::good:
      return "\x1b[32m";
    case Tone::warning:
      return "\x1b[33m";
    case Tone::danger:
      return "\x1b[1;31m";
    case Tone::faint:
      return "\x1b[2m";
  }
  return "";
}

}  // namespace

Paint paint_of_terminal() {
  const char *none = std::getenv("NO_COLOR"), *term = std::getenv("TERM");
  bool is_dumb = term == nullptr || std::string_view(term) == "dumb";
  if ((none != nullptr && *none != '\0') || is_dumb || ::isatty(STDOUT_FILENO) != 1) return Paint::none;
  return Paint::colours;
}

std::string painted(const Line& line, Paint paint) {
  if (paint == Paint::none || line.tone == Tone::plain) return line.text;
  return code_of(line.tone) + line.text + "\x1b[0m";
}

std::string cut(std::string_view text, std::size_t columns) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;  // inside a character
    if (seen++ == columns) return std::string(text.substr(0, i));
  }
  return std::string(text);
}

Screen::Screen(Kind kind) : kind_(kind), paint_(paint_of_terminal()) {}

void Screen::print(const Line& line) {
  if (kind_ == Kind::silent) return;
  erase();
  std::string text = painted(line, paint_) + "\n";
  std::fwrite(text.data(), 1, text.size(), stdout);
  draw();
  std::fflush(stdout);
}

void Screen::show(std::vector<Line> live) {
  if (kind_ != Kind::terminal) return;
  erase();
  live_ = std::move(live);
  draw();
  std::fflush(stdout);
}

void Screen::erase() {
  if (drawn_ == 0) return;
  // Up to the first line of the block, and everything below it away.
  std::fprintf(stdout, "\x1b[%zuA\r\x1b[J", drawn_);
  drawn_ = 0;
}

void Screen::draw() {
  if (live_.empty()) return;
  const Size size = terminal_size();
  const std::size_t most = size.rows > 3 ? size.rows - 2 : 1;
  std::size_t shown = std::min(live_.size(), most);
  if (shown < live_.size()) --shown;  // the last line says how many more there are
  for (std::size_t i = 0; i < shown; ++i) {
    Line line{cut(live_[i].text, size.columns - 1), live_[i].tone};
    std::fprintf(stdout, "%s\n", painted(line, paint_).c_str());
  }
  drawn_ = shown;
  if (shown < live_.size()) {
    std::fprintf(stdout, "  ... and %zu more\n", live_.size() - shown);
    ++drawn_;
  }
}

}  // namespace ads::cli
