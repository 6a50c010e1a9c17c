#include "batch/reader.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "batch/line_parser.h"

namespace ads::batch {
namespace {

// A line of kMaxLine bytes and its '\r': what has to be seen to know whether a line is too long.
constexpr std::size_t kKept = kMaxLine + 1;

}  // namespace

ReadRange ReadRange::of(const Shard& shard, const Layout& layout) {
  return {shard.start, shard.start == 0 ? Begin::at_line : Begin::inside_of, shard.end, layout};
}

ReadRange ReadRange::resume(std::uint64_t offset, std::uint64_t end, const Layout& layout) {
  return {offset, Begin::at_line, end, layout};
}

struct BatchReader::State {
  ReadRange range;
  Layout layout;
  LineParser parser;
  std::string_view piece;
  std::uint64_t offset = 0;  // of the line that comes next
  bool is_finished = false;
  bool is_skipping = false;  // the rest of a line that belongs to the shard before

  // The beginning of a line whose end has not been fed yet.
  std::uint64_t pending = 0;  // its bytes so far; the first kKept of them are in `kept`
  std::size_t kept_size = 0;
  std::array<char, kKept> kept;

  void keep(std::string_view bytes) {
    std::size_t count = std::min(bytes.size(), kKept - kept_size);
    std::copy_n(bytes.data(), count, kept.data() + kept_size);  // unlike memcpy, takes an empty view
    kept_size += count;
    pending += bytes.size();
  }

  bool skip_to_newline();
  void emit(std::string_view begin, std::uint64_t content_size, std::uint64_t length, Line& line);
};

// True when the first owned line has been reached.
bool BatchReader::State::skip_to_newline() {
  std::size_t newline = piece.find('\n');
  std::size_t count = newline == piece.npos ? piece.size() : newline + 1;
  offset += count;
  piece.remove_prefix(count);
  if (newline == piece.npos) return false;
  is_skipping = false;
  return true;
}

// `begin` is the line without '\n', at most kKept bytes of it; content_size is how many there are.
void BatchReader::State::emit(std::string_view begin, std::uint64_t content_size, std::uint64_t length, Line& line) {
  line.offset = offset;
  line.length = length;
  if (content_size <= kKept && begin.ends_with('\r')) {
    begin.remove_suffix(1);
    --content_size;
  }
  line.text = begin.substr(0, kMaxLine);
  bool is_first = offset == 0;
  offset += length;

  std::string_view content = line.text;
  if (is_first) {
    if (content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
    FirstLine first = read_first_line(content);
    layout = first.layout;
    if (first.has_header && content_size <= kMaxLine) {
      line.kind = Line::Kind::header;
      return;
    }
    if (first.has_header) layout = Layout{};
  }
  if (content_size > kMaxLine) {
    line.kind = Line::Kind::bad;
    line.reason = Reason::line_too_long;
    line.detail = "more than 4,096 bytes";
    return;
  }
  parser.parse(content, layout, line);
}

BatchReader::BatchReader(ReadRange range) : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.range = range;
  s.is_skipping = range.begin > 0 && range.kind == ReadRange::Begin::inside_of;
  s.offset = s.is_skipping ? range.begin - 1 : range.begin;
  assert((range.begin == 0 || range.layout) && "a reader that does not see the first line needs the layout");
  if (range.layout) s.layout = *range.layout;
}
BatchReader::~BatchReader() = default;
BatchReader::BatchReader(BatchReader&&) noexcept = default;
BatchReader& BatchReader::operator=(BatchReader&&) noexcept = default;

void BatchReader::feed(std::string_view piece) {
  assert(state_->piece.empty() && "the piece before is not used up");
  state_->piece = piece;
}

void BatchReader::finish() {
  state_->is_finished = true;
}

BatchReader::Step BatchReader::next(Line& line) {
  State& s = *state_;
  if (s.is_skipping && !s.skip_to_newline() && s.offset < s.range.end)
    return s.is_finished ? Step::done : Step::need_more;
  if (s.offset >= s.range.end) {
    s.piece = {};
    return Step::done;
  }
  const void* found = s.piece.empty() ? nullptr : std::memchr(s.piece.data(), '\n', s.piece.size());
  if (!found) {
    s.keep(s.piece);
    s.piece = {};
    if (!s.is_finished) return Step::need_more;
    if (s.pending == 0) return Step::done;
    std::uint64_t size = s.pending;
    s.emit({s.kept.data(), s.kept_size}, size, size, line);
    s.pending = s.kept_size = 0;
    return Step::line;
  }
  std::size_t size = static_cast<std::size_t>(static_cast<const char*>(found) - s.piece.data());
  std::string_view head = s.piece.substr(0, size);
  s.piece.remove_prefix(size + 1);
  if (s.pending == 0) {
    s.emit(head.substr(0, kKept), size, size + 1, line);
    return Step::line;
  }
  s.keep(head);
  std::uint64_t total = s.pending;
  s.emit({s.kept.data(), s.kept_size}, total, total + 1, line);
  s.pending = s.kept_size = 0;
  return Step::line;
}

std::uint64_t BatchReader::offset() const {
  return state_->offset;
}
const Layout& BatchReader::layout() const {
  return state_->layout;
}

}  // namespace ads::batch
