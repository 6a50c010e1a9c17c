// A batch object as chunks of lines: ranges read one ahead, decompressed, cut into lines. Memory does not depend on the
// object's size.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "batch/chunk_size.h"
#include "batch/counters.h"
#include "batch/decompress.h"
#include "batch/quarantine.h"
#include "batch/reader.h"
#include "function/in_parallel.h"

namespace ads::function {

// What lies between two checkpoints: up to Options::chunk_lines lines that are records or bad, and up to kSkippedLines
// others. (Lines without an effect cost no checkpoint.) LineSource::extend gives it more.
inline constexpr std::uint64_t kSkippedLines = 1'000'000;
struct Chunk {
  std::uint64_t begin = 0, end = 0;  // in the decompressed content; the next chunk begins at `end`
  batch::Counters counters;          // of the lines as read
  std::vector<batch::Record> records;
  std::vector<std::uint64_t> record_numbers;  // of the lines of `records`, from 1 in the chunk, as those of bad_lines
  std::vector<batch::BadLine> bad_lines;
  batch::Layout layout;
  batch::Compression compression = batch::Compression::none;
  bool is_last = false;

  // The line of records[index], without its line ending.
  std::string_view text_of(std::size_t index) const;
  void add(const batch::Line& line);
  void reserve(std::size_t lines);

  // Blank lines that follow each other count as one here: there may be a million of them.
  std::size_t line_count() const { return lines_.size(); }
  // Of those that are records or bad.
  std::size_t judged_lines() const { return counters.lines - counters.blank - counters.header; }
  // How many lines are before the one that begins at `offset`.
  std::size_t lines_before(std::uint64_t offset) const;
  batch::Counters counters_of(std::size_t lines) const;  // of the first ones
  // The first `lines` of it (1 to line_count()), which this chunk then lacks.
  Chunk take_front(std::size_t lines);

 private:
  // Of a line, or of blank lines that follow each other, what take_front counts by. Kept small: there is one for each
  // line of a chunk.
  struct Noted {
    std::uint64_t offset;
    std::uint64_t length;
    std::uint32_t times = 1;
    std::int16_t status_code;
    batch::Line::Kind kind;
    batch::Reason reason;
    explicit Noted(const batch::Line& line);
  };
  static void count(batch::Counters& counters, const Noted& noted);
  void note(const Noted& noted, std::string_view text);

  std::vector<Noted> lines_;
  std::string texts_;
  std::vector<std::size_t> text_ends_;
};

class LineSource {
 public:
  struct Options {
    batch::Shard range;
    std::uint64_t offset = 0;  // go on from here: a checkpoint
    std::optional<batch::Layout> layout;
    batch::Compression compression = batch::Compression::none;  // as found out by whoever wrote the checkpoint
    std::uint64_t range_bytes = std::uint64_t{8} << 20;
    std::size_t chunk_lines = batch::kChunkLines;
    batch::UserKeyForm user_key_form = batch::UserKeyForm::as_is;
    std::uint64_t max_expansion = batch::kMaxExpansion;
  };
  // Bytes [begin, begin + length) of the object.
  using Read = std::function<Task<Result<std::string>>(std::uint64_t begin, std::uint64_t length)>;

  // `size` is the object's. `group` owns the reading ahead: stop it before the source goes.
  LineSource(Read read, std::uint64_t size, Options options, TaskGroup& group, asio::any_io_executor executor);

  // Not after the last one. Errors: those of Read and of Decompressor::next; corrupt / "ShortObject".
  Task<Result<Chunk>> next_chunk();
  // Adds up to so many lines that are records or bad to the chunk that came last, which is not the file's last.
  Task<Result<void>> extend(Chunk& chunk, std::size_t lines);
  // How far the object has been read.
  std::uint64_t bytes_read() const { return position_; }

 private:
  Task<Result<void>> feed_more();
  void read_ahead();
  void request(std::uint64_t most);

  Read read_;
  std::uint64_t size_;
  Options options_;
  std::uint64_t requested_ = 0;  // of the object
  std::uint64_t position_ = 0;   // of the object
  std::uint64_t skip_ = 0;       // of the content: before the checkpoint
  Ahead<Result<std::string>> ahead_;
  std::string piece_;
  std::optional<batch::Decompressor> decompressor_;
  bool is_finished_ = false;
  batch::BatchReader reader_;
  std::uint64_t chunk_begin_ = 0;
};

}  // namespace ads::function
