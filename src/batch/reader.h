// Reads a batch file's bytes, in pieces cut anywhere, as lines: records, blanks, the header, and bad ones with their
// reason.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "batch/layout.h"
#include "batch/reason.h"
#include "batch/record.h"
#include "batch/shard.h"
#include "batch/user_key.h"

namespace ads::batch {

// One line. offset and length cover its bytes exactly (line ending included; the byte-order mark belongs to the first
// line), so that the lines of a file, one after the other, are the file. Views live until the next call of the reader.
struct Line {
  enum class Kind { record, blank, header, bad };
  Kind kind = Kind::blank;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::string_view text;      // without line ending; of a longer line the first kMaxLine bytes
  bool is_truncated = false;  // the line continues behind `text`

  // kind == record
  int status_code = 0;
  int retry_count = 0;
  std::string_view service_uuid;  // as user_key() gives it

  // kind == bad
  Reason reason = Reason::line_too_long;
  std::string_view detail;  // what was found, for a person; may quote the line

  Record record() const { return {status_code, retry_count, std::string(service_uuid), offset, length}; }
};

// Where reading begins and ends, in bytes of the decompressed content.
struct ReadRange {
  enum class Begin {
    at_line,    // `begin` is the first byte of a line: 0, or a checkpoint's offset
    inside_of,  // the first byte fed is begin - 1 (see read_from); lines that begin before `begin` are somebody else's
  };
  std::uint64_t begin = 0;
  Begin kind = Begin::at_line;
  std::uint64_t end = kToEnd;  // lines that begin at or after it are somebody else's
  // Required when begin > 0; when begin is 0 the content's beginning decides, whatever is said here.
  std::optional<Layout> layout;

  static ReadRange whole() { return {}; }
  static ReadRange of(const Shard& shard, const Layout& layout);  // from read_from(shard)
  static ReadRange resume(std::uint64_t offset, std::uint64_t end, const Layout& layout);
};

// Usage:
//   reader.feed(piece);                  // `piece` must stay alive until next() says need_more
//   while (reader.next(line) == BatchReader::Step::line) use(line);
// and after the last piece reader.finish(), then next() until done. Memory: at most kMaxLine + 2 bytes are kept between
// pieces, and kBeginning bytes until the layout is known.
class BatchReader {
 public:
  enum class Step { line, need_more, done };

  explicit BatchReader(ReadRange range = {}, UserKeyForm form = UserKeyForm::as_is);
  ~BatchReader();
  BatchReader(BatchReader&&) noexcept;
  BatchReader& operator=(BatchReader&&) noexcept;

  // Only after need_more (or at the start): the piece before must be used up.
  void feed(std::string_view piece);
  // No more bytes follow: what is left is the last line.
  void finish();
  // done: the end of the range or, after finish(), of the file.
  Step next(Line& line);

  // The first byte that no returned line covers: a checkpoint. With Begin::inside_of, only once a line was returned.
  std::uint64_t offset() const;
  // Known from the first returned line on.
  const Layout& layout() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ads::batch
