#include "batch/reader.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <utility>

#include "batch/line_parser.h"
#include "batch/plain_line.h"

namespace ads::batch {
namespace {

// A line of kMaxLine bytes and what stands before its '\n' ("\r\r\n" is what text mode makes of CRLF): what has to be
// seen to know whether a line is longer.
constexpr int kMostReturns = 2;
constexpr std::size_t kKept = kMaxLine + kMostReturns;

}  // namespace

ReadRange ReadRange::of(const Shard& shard, const Layout& layout) {
  return {shard.start, shard.start == 0 ? Begin::at_line : Begin::inside_of, shard.end, layout};
}

ReadRange ReadRange::resume(std::uint64_t offset, std::uint64_t end, const Layout& layout) {
  return {offset, Begin::at_line, end, layout};
}

struct BatchReader::State {
  ReadRange range;
  UserKeyForm form;
  Layout layout;
  LineParser parser;
  std::string_view piece;
  std::uint64_t offset = 0;  // of the line that comes next
  bool is_finished = false;
  bool is_skipping = false;  // the rest of a line that belongs to the shard before

  // While the layout is not known, the content so far. Then `piece` is this first, and `later` what was fed last.
  bool has_layout = false;
  std::string beginning;
  std::string_view later;

  // Lines of `piece` that begin before plain_end may be read by `plain`. That is looked for once a piece.
  std::optional<PlainLineReader> plain;
  const char* plain_end = nullptr;
  bool has_plain_end = false;

  // The beginning of a line whose end has not been fed yet.
  std::uint64_t pending = 0;  // its bytes so far; the first kKept of them are in `kept`
  std::size_t kept_size = 0;
  std::array<char, kKept> kept;

  void begin_piece(std::string_view bytes) {
    piece = bytes;
    plain_end = nullptr;
    has_plain_end = false;
  }
  void keep(std::string_view bytes) {
    std::size_t count = std::min(bytes.size(), kKept - kept_size);
    std::copy_n(bytes.data(), count, kept.data() + kept_size);  // unlike memcpy, takes an empty view
    kept_size += count;
    pending += bytes.size();
  }

  bool find_layout();
  bool take_later();
  bool skip_to_line_end();
  bool take_plain_line(Line& line);
  void find_plain_end();
  void emit(std::string_view begin, std::uint64_t content_size, std::uint64_t length, Line& line);
};

// False when more has to be fed.
bool BatchReader::State::find_layout() {
  Rest rest = is_finished ? Rest::none : Rest::may_follow;
  std::optional<Layout> found;
  if (beginning.empty()) {
    found = batch::find_layout(piece.substr(0, kBeginning), piece.size() > kBeginning ? Rest::may_follow : rest);
    if (!found) {
      beginning = piece;
      piece = {};
    }
  } else {
    std::string_view added = piece.substr(0, kBeginning - beginning.size());
    piece.remove_prefix(added.size());
    beginning += added;
    // Without a further '\n' nothing can have been decided.
    if (is_finished || beginning.size() == kBeginning || added.find('\n') != added.npos)
      found = batch::find_layout(beginning, rest);
    if (found) {
      later = piece;
      piece = beginning;
    }
  }
  if (!found) return false;
  layout = *found;
  has_layout = true;
  return true;
}

bool BatchReader::State::take_later() {
  begin_piece(std::exchange(later, {}));
  return !piece.empty();
}

// True when the first owned line has been reached.
bool BatchReader::State::skip_to_line_end() {
  std::size_t end = piece.find(layout.line_end_byte());
  std::size_t count = end == piece.npos ? piece.size() : end + 1;
  offset += count;
  piece.remove_prefix(count);
  if (end == piece.npos) return false;
  is_skipping = false;
  return true;
}

bool BatchReader::State::take_plain_line(Line& line) {
  if (piece.data() >= plain_end || offset >= range.end) return false;
  std::size_t length = plain->read(piece.data(), line);
  if (length == 0) return false;
  line.offset = offset;
  line.length = length;
  offset += length;
  piece.remove_prefix(length);
  return true;
}

// Behind the last line end that has kReadAhead bytes. Not before the body: the preamble and a byte-order mark are not
// plain.
void BatchReader::State::find_plain_end() {
  if (has_plain_end || offset == 0 || offset < layout.body) return;
  has_plain_end = true;
  if (piece.size() < kReadAhead) return;
  std::size_t last = piece.rfind(layout.line_end_byte(), piece.size() - kReadAhead);
  if (last == piece.npos) return;
  plain_end = piece.data() + last + 1;
  if (!plain) plain.emplace(layout, form);
}

// `begin` is the line without its last byte where that ends it, at most kKept bytes; content_size is how many there
// are.
void BatchReader::State::emit(std::string_view begin, std::uint64_t content_size, std::uint64_t length, Line& line) {
  line.offset = offset;
  line.length = length;
  for (int i = 0; i < kMostReturns && content_size <= kKept && begin.ends_with('\r'); ++i) {
    begin.remove_suffix(1);
    --content_size;
  }
  line.text = begin.substr(0, kMaxLine);
  line.is_truncated = content_size > kMaxLine;
  std::string_view content = line.text;
  if (offset == 0 && content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
  bool is_preamble = offset < layout.body;
  offset += length;
  if (is_preamble)
    line.kind = is_empty_row(content) ? Line::Kind::blank : Line::Kind::header;
  else
    parser.parse(content, line.is_truncated ? LineParser::Extent::beginning : LineParser::Extent::whole, layout, line);
}

BatchReader::BatchReader(ReadRange range, UserKeyForm form) : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.form = form;
  s.parser.set_key_form(form);
  s.range = range;
  s.is_skipping = range.begin > 0 && range.kind == ReadRange::Begin::inside_of;
  s.offset = s.is_skipping ? range.begin - 1 : range.begin;
  assert((range.begin == 0 || range.layout) && "a reader that does not see the beginning needs the layout");
  s.has_layout = range.begin > 0;
  if (range.layout) s.layout = *range.layout;
}
BatchReader::~BatchReader() = default;
BatchReader::BatchReader(BatchReader&&) noexcept = default;
BatchReader& BatchReader::operator=(BatchReader&&) noexcept = default;

void BatchReader::feed(std::string_view piece) {
  assert(state_->piece.empty() && "the piece before is not used up");
  state_->begin_piece(piece);
}

void BatchReader::finish() {
  state_->is_finished = true;
}

BatchReader::Step BatchReader::next(Line& line) {
  State& s = *state_;
  if (s.take_plain_line(line)) return Step::line;
  if (!s.has_layout && !s.find_layout()) {
    if (!s.is_finished) return Step::need_more;
  }
  if (s.is_skipping && !s.skip_to_line_end() && s.offset < s.range.end)
    return s.is_finished ? Step::done : Step::need_more;
  if (s.offset >= s.range.end) {
    s.begin_piece({});
    s.later = {};
    return Step::done;
  }
  auto find_end = [&]() -> const void* {
    return s.piece.empty() ? nullptr : std::memchr(s.piece.data(), s.layout.line_end_byte(), s.piece.size());
  };
  const void* found = find_end();
  if (!found) {
    s.keep(s.piece);
    if (s.take_later()) found = find_end();
  }
  if (!found) {
    s.keep(s.piece);
    s.begin_piece({});
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
  } else {
    s.keep(head);
    std::uint64_t total = s.pending;
    s.emit({s.kept.data(), s.kept_size}, total, total + 1, line);
    s.pending = s.kept_size = 0;
  }
  s.find_plain_end();
  return Step::line;
}

std::uint64_t BatchReader::offset() const {
  return state_->offset;
}
const Layout& BatchReader::layout() const {
  return state_->layout;
}

}  // namespace ads::batch
