// How text is shown: tones on a terminal, plain lines elsewhere, and a block of lines that is redrawn in place.
#pragma once
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace ads::cli {

enum class Tone { plain, good, warning, danger, faint };

struct Line {
  std::string text;
  Tone tone = Tone::plain;
  bool operator==(const Line&) const = default;
};

enum class Paint { none, colours };
// Colours where standard output is a terminal that has them and NO_COLOR is not set (no-color.org).
Paint paint_of_terminal();
// Controls in the text are escaped, newlines stay.
std::string painted(const Line& line, Paint paint);
// A line of standard output.
void print_line(const Line& line);
// Lines of standard output for people: controls escaped, and on a terminal each line folded to its width (folded in
// text_width.h). What a program or the clipboard takes whole (JSON, files) is printed with print_bytes.
void print_text(std::string_view text);
// Rows and columns of the terminal at standard output; 24 and 80 elsewhere, or what COLUMNS says.
struct Size {
  std::size_t rows = 24, columns = 80;
};
Size terminal_size();
// Room for everything: what is not a terminal has it.
inline constexpr std::size_t kEverything = std::numeric_limits<std::size_t>::max() / 2;
// Columns of standard output; kEverything where it is neither a terminal nor COLUMNS says.
std::size_t output_columns();

// Standard output as lines that stay, above lines that are replaced. On a terminal only: elsewhere nothing is redrawn.
class Screen {
 public:
  enum class Kind { silent, plain, terminal };
  explicit Screen(Kind kind);
  ~Screen() { show({}); }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  void print(const Line& line);       // stays
  void show(std::vector<Line> live);  // stands below what stays, until the next call
  bool is_terminal() const { return kind_ == Kind::terminal; }

 private:
  void erase();
  void draw();
  Kind kind_;
  Paint paint_;
  std::vector<Line> live_;
  std::size_t drawn_ = 0;  // lines of live_ on the screen now
};

}  // namespace ads::cli
