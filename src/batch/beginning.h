// The first lines of a batch file, from which it is decided, before the first effect, whether it is one.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "batch/counters.h"
#include "batch/layout.h"
#include "batch/reader.h"

namespace ads::batch {

// Lines that are judged together.
inline constexpr std::size_t kBeginningLines = 1000;

// What is kept of a line to say what is wrong with the file.
struct SampleLine {
  Line::Kind kind = Line::Kind::blank;
  std::uint64_t number = 0;             // counts from 1
  std::string text;                     // at most kSampleText bytes of it
  Reason reason = Reason::field_count;  // kind == bad
  std::string detail;
};
inline constexpr std::size_t kSampleText = 1024;
inline constexpr std::size_t kSampleLines = 200;

// Collects the first lines. The same bytes give the same beginning to every reader.
class Beginning {
 public:
  explicit Beginning(std::size_t lines = kBeginningLines) : wanted_(lines) {}

  // Lines after the last wanted one are ignored.
  void add(const Line& line);
  // No line follows.
  void finish() { is_whole_file_ = true; }

  bool is_complete() const { return is_whole_file_ || counters_.lines >= wanted_; }
  // The file is not longer than what was judged.
  bool is_whole_file() const { return is_whole_file_; }
  const Counters& counters() const { return counters_; }
  std::uint64_t good() const { return counters_.records() - counters_.quarantined(); }
  // The first kSampleLines of those with text.
  const std::vector<SampleLine>& samples() const { return samples_; }
  // The first bad line, wherever it is.
  const std::optional<SampleLine>& first_bad() const { return first_bad_; }
  // How the file was read.
  const Layout& layout() const { return layout_; }
  void set_layout(const Layout& layout) { layout_ = layout; }

 private:
  std::size_t wanted_;
  Counters counters_;
  std::vector<SampleLine> samples_;
  std::optional<SampleLine> first_bad_;
  Layout layout_;
  bool is_whole_file_ = false;
};

}  // namespace ads::batch
