#include "function/line_source.h"

#include <algorithm>

namespace ads::function {
namespace {

constexpr std::size_t kUsualText = 64;             // bytes of a line
constexpr std::uint64_t kBeyondRange = 64 * 1024;  // a line is at most 4 KiB, but for one that goes to quarantine

batch::ReadRange read_range(const LineSource::Options& options) {
  if (options.offset > options.range.start)
    return batch::ReadRange::resume(options.offset, options.range.end, options.layout.value_or(batch::Layout{}));
  if (options.range.start > 0) return batch::ReadRange::of(options.range, options.layout.value_or(batch::Layout{}));
  batch::ReadRange range = batch::ReadRange::whole();
  range.end = options.range.end;
  return range;
}

}  // namespace

std::string_view Chunk::text_of(std::size_t index) const {
  std::size_t begin = index == 0 ? 0 : text_ends_[index - 1];
  return std::string_view(texts_).substr(begin, text_ends_[index] - begin);
}

std::size_t Chunk::lines_before(std::uint64_t offset) const {
  return static_cast<std::size_t>(std::ranges::lower_bound(lines_, offset, {}, &Noted::offset) - lines_.begin());
}

batch::Counters Chunk::counters_of(std::size_t lines) const {
  batch::Counters out;
  for (std::size_t i = 0; i < lines; ++i) count(out, lines_[i]);
  return out;
}

Chunk Chunk::take_front(std::size_t lines) {
  Chunk front, rest;
  front.layout = rest.layout = layout;
  front.compression = rest.compression = compression;
  front.begin = begin;
  front.end = rest.begin = lines < lines_.size() ? lines_[lines].offset : end;
  rest.end = end;
  rest.is_last = is_last;
  std::size_t record = 0;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    Chunk& part = i < lines ? front : rest;
    const Noted& noted = lines_[i];
    std::string_view text;
    if (noted.kind == batch::Line::Kind::record) {
      text = text_of(record);
      part.records.push_back(std::move(records[record]));
      part.record_numbers.push_back(record_numbers[record] - (i < lines ? 0 : front.counters.lines));
      ++record;
    }
    part.note(noted, text);
  }
  for (batch::BadLine& bad : bad_lines) {
    bool is_in_front = bad.offset < front.end;
    if (!is_in_front) bad.number -= front.counters.lines;
    (is_in_front ? front : rest).bad_lines.push_back(std::move(bad));
  }
  *this = std::move(rest);
  return front;
}

Chunk::Noted::Noted(const batch::Line& line)
    : offset(line.offset),
      length(line.length),
      status_code(static_cast<std::int16_t>(line.status_code)),
      kind(line.kind),
      reason(line.reason) {}

void Chunk::reserve(std::size_t lines) {
  records.reserve(lines);
  record_numbers.reserve(lines);
  lines_.reserve(lines);
  text_ends_.reserve(lines);
  texts_.reserve(lines * kUsualText);
}

void Chunk::count(batch::Counters& counters, const Noted& noted) {
  batch::Line line;
  line.kind = noted.kind;
  line.length = noted.length;
  line.status_code = noted.status_code;
  line.reason = noted.reason;
  counters.count(line);
  counters.lines += noted.times - 1;
  counters.blank += noted.times - 1;
}

// What take_front can tell again; `records` and `bad_lines` are the caller's.
void Chunk::note(const Noted& noted, std::string_view text) {
  count(counters, noted);
  if (noted.kind == batch::Line::Kind::blank && !lines_.empty() && lines_.back().kind == noted.kind) {
    lines_.back().length += noted.length;
    lines_.back().times += noted.times;
    return;
  }
  lines_.push_back(noted);
  if (noted.kind != batch::Line::Kind::record) return;
  texts_.append(text);
  text_ends_.push_back(texts_.size());
}

void Chunk::add(const batch::Line& line) {
  note(Noted(line), line.text);
  if (line.kind == batch::Line::Kind::bad) {
    bad_lines.push_back(batch::bad_line(line));
    bad_lines.back().number = counters.lines;
  }
  if (line.kind != batch::Line::Kind::record) return;
  records.push_back(line.record());
  record_numbers.push_back(counters.lines);
}

LineSource::LineSource(Read read, std::uint64_t size, Options options, TaskGroup& group, asio::any_io_executor executor)
    : read_(std::move(read)),
      size_(size),
      options_(std::move(options)),
      ahead_(group, std::move(executor)),
      reader_(read_range(options_), options_.user_key_form) {
  bool is_start = options_.offset <= options_.range.start;
  std::uint64_t content_begin = is_start ? batch::read_from(options_.range) : options_.offset;
  chunk_begin_ = is_start ? options_.range.start : options_.offset;
  // The middle of a plain file may look like the beginning of a compressed one: only the beginning is asked.
  if (content_begin == 0 || options_.compression != batch::Compression::none)
    decompressor_.emplace(options_.max_expansion);
  if (options_.compression != batch::Compression::none)
    skip_ = content_begin;
  else
    requested_ = position_ = content_begin;
  read_ahead();
}

// Within the range, a whole piece; behind it, a little where the last line goes on there.
void LineSource::request(std::uint64_t most) {
  std::uint64_t length = std::min(most, size_ - requested_);
  ahead_.start("read ahead", read_(requested_, length));
  requested_ += length;
}

void LineSource::read_ahead() {
  std::uint64_t end = options_.compression == batch::Compression::none ? std::min(options_.range.end, size_) : size_;
  if (requested_ < end) request(std::min(options_.range_bytes, end - requested_));
}

// Gives the reader its next piece of content, or tells it that there is none.
Task<Result<void>> LineSource::feed_more() {
  for (;;) {
    if (decompressor_) {
      auto content = decompressor_->next();
      if (!content) co_return fail(content.error());
      if (!content->empty()) {
        std::size_t skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, content->size()));
        skip_ -= skipped;
        if (skipped == content->size()) continue;
        reader_.feed(content->substr(skipped));
        co_return Result<void>{};
      }
    }
    if (!ahead_.is_started() && requested_ < size_) request(std::min(options_.range_bytes, kBeyondRange));
    if (!ahead_.is_started()) {
      if (decompressor_ && !is_finished_) {
        is_finished_ = true;
        decompressor_->finish();
        continue;
      }
      reader_.finish();
      co_return Result<void>{};
    }
    auto piece = co_await ahead_.take();
    if (!piece) co_return fail(piece.error());
    if (piece->empty())
      co_return fail(ErrorKind::corrupt, "ShortObject",
                     "the object ended after " + std::to_string(position_) + " of " + std::to_string(size_) + " bytes");
    piece_ = std::move(*piece);
    position_ += piece_.size();
    if (position_ != requested_) requested_ = position_;  // the answer was shorter than asked for: go on behind it
    read_ahead();
    if (decompressor_) {
      decompressor_->feed(piece_);
      continue;
    }
    reader_.feed(piece_);
    co_return Result<void>{};
  }
}

Task<Result<Chunk>> LineSource::next_chunk() {
  Chunk chunk;
  chunk.reserve(std::min(options_.chunk_lines, batch::kChunkLines));
  chunk.begin = chunk.end = chunk_begin_;
  if (auto read = co_await extend(chunk, options_.chunk_lines); !read) co_return fail(read.error());
  co_return chunk;
}

Task<Result<void>> LineSource::extend(Chunk& chunk, std::size_t lines) {
  std::size_t most = chunk.judged_lines() + lines;
  auto is_full = [&] {
    return chunk.judged_lines() >= most || chunk.counters.lines - chunk.judged_lines() >= kSkippedLines;
  };
  batch::Line line;
  while (!is_full()) {
    auto step = reader_.next(line);
    if (step == batch::BatchReader::Step::line) {
      chunk.add(line);
      chunk.end = line.offset + line.length;
    } else if (step == batch::BatchReader::Step::need_more) {
      if (auto fed = co_await feed_more(); !fed) co_return fail(fed.error());
    } else {
      chunk.is_last = true;
      break;
    }
  }
  chunk.layout = reader_.layout();
  if (decompressor_) chunk.compression = decompressor_->compression();
  chunk_begin_ = chunk.end;
  co_return Result<void>{};
}

}  // namespace ads::function
