#include "cli/terminal.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "cli/printable.h"
#include "cli/standard_output.h"
#include "cli/text_width.h"

namespace ads::cli {
namespace {

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

Size terminal_size() {
  winsize found{};
  Size size;
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &found) == 0 && found.ws_row > 0 && found.ws_col > 0)
    size = {found.ws_row, found.ws_col};
  if (const char* columns = std::getenv("COLUMNS"))
    if (auto given = std::strtoul(columns, nullptr, 10); given >= 20 && given <= 1000) size.columns = given;
  return size;
}

std::size_t output_columns() {
  bool has_width = ::isatty(STDOUT_FILENO) == 1 || std::getenv("COLUMNS") != nullptr;
  return has_width ? terminal_size().columns : kEverything;
}

std::string painted(const Line& line, Paint paint) {
  std::string text = printable_lines(line.text);
  if (paint == Paint::none || line.tone == Tone::plain) return text;
  return code_of(line.tone) + text + "\x1b[0m";
}

void print_line(const Line& line) {
  print_bytes(painted(line, paint_of_terminal()) + "\n");
}

void print_text(std::string_view text) {
  std::string shown = printable_lines(text);
  const std::size_t columns = output_columns();
  if (columns == kEverything) return print_bytes(shown);
  for (std::size_t at = 0; at < shown.size();) {
    auto end = std::min(shown.find('\n', at), shown.size());
    auto rows = folded(std::string_view(shown).substr(at, end - at), columns);
    for (std::size_t i = 0; i < rows.size(); ++i)
      print_bytes(i + 1 < rows.size() || end < shown.size() ? rows[i] + "\n" : rows[i]);
    at = end + 1;
  }
}

Screen::Screen(Kind kind) : kind_(kind), paint_(paint_of_terminal()) {}

void Screen::print(const Line& line) {
  if (kind_ == Kind::silent) return;
  erase();
  print_bytes(painted(line, paint_) + "\n");
  draw();
  flush_output();
}

void Screen::show(std::vector<Line> live) {
  if (kind_ != Kind::terminal) return;
  erase();
  live_ = std::move(live);
  draw();
  flush_output();
}

void Screen::erase() {
  if (drawn_ == 0) return;
  // Up to the first line of the block, and everything below it away.
  print_bytes(fmt::format("\x1b[{}A\r\x1b[J", drawn_));
  drawn_ = 0;
}

void Screen::draw() {
  if (live_.empty()) return;
  const Size size = terminal_size();
  const std::size_t most = size.rows > 3 ? size.rows - 2 : 1;
  std::size_t shown = std::min(live_.size(), most);
  if (shown < live_.size()) --shown;  // the last line says how many more there are
  for (std::size_t i = 0; i < shown; ++i) {
    Line line{cut(printable(live_[i].text), size.columns - 1), live_[i].tone};
    print_bytes(painted(line, paint_) + "\n");
  }
  drawn_ = shown;
  if (shown < live_.size()) {
    print_bytes(fmt::format("  ... and {} more\n", live_.size() - shown));
    ++drawn_;
  }
}

}  // namespace ads::cli
