#include "function/quarantine_join.h"

#include <fmt/core.h>

#include <algorithm>

#include "batch/batch_name.h"
#include "function/in_parallel.h"
#include "function/quarantine_pieces.h"

namespace ads::function {
namespace {

constexpr std::string_view kContentType = "application/x-ndjson";
constexpr std::size_t kPartBytes = 8u << 20;  // S3's lowest is 5 MiB
constexpr std::size_t kReadAtOnce = 8;        // pieces: each is at most a chunk's worth of lines

// An object that grows: put at once where it stays small, in parts where not.
class GrowingObject {
 public:
  GrowingObject(World& world, const TimeBudget& budget, std::string bucket, std::string key)
      : world_(world), budget_(budget), bucket_(std::move(bucket)), key_(std::move(key)) {}

  Task<Result<void>> append(std::string_view text) {
    content_.append(text);
    if (content_.size() < kPartBytes) co_return Result<void>{};
    co_return co_await send_part();
  }

  Task<Result<void>> finish() {
    if (upload_id_.empty())
      co_return co_await repeat(world_, budget_,
                                [&] { return world_.objects.put(bucket_, key_, content_, std::string(kContentType)); });
    if (!content_.empty())
      if (auto sent = co_await send_part(); !sent) co_return sent;
    co_return co_await repeat(world_, budget_,
                              [&] { return world_.objects.finish_upload(bucket_, key_, upload_id_, parts_); });
  }

 private:
  Task<Result<void>> send_part() {
    if (upload_id_.empty()) {
      auto started = co_await repeat(
          world_, budget_, [&] { return world_.objects.start_upload(bucket_, key_, std::string(kContentType)); });
      if (!started) co_return fail(started.error());
      upload_id_ = *started;
    }
    int number = static_cast<int>(parts_.size()) + 1;
    auto part = co_await repeat(
        world_, budget_, [&] { return world_.objects.upload_part(bucket_, key_, upload_id_, number, content_); });
    if (!part) co_return fail(part.error());
    parts_.push_back(*part);
    content_.clear();
    co_return Result<void>{};
  }

  World& world_;
  const TimeBudget& budget_;
  std::string bucket_, key_, content_, upload_id_;
  std::vector<UploadedPart> parts_;
};

// Appends objects in their order: single pieces several at once, those of whole shards range by range.
class Joining {
 public:
  Joining(World& world, Flow& flow, std::string bucket, std::string into, LinesBefore lines_before)
      : world_(world),
        flow_(flow),
        bucket_(bucket),
        lines_before_(std::move(lines_before)),
        joined_(world, flow.budget, std::move(bucket), std::move(into)) {}

  // In the order of the keys: of the pieces of one chunk the last counts.
  void add_piece(std::string key, std::uint64_t chunk) {
    if (!pieces_.empty() && pieces_.back().start == chunk) pieces_.pop_back();
    pieces_.push_back({std::move(key), chunk});
  }

  Task<Result<void>> add_object(std::string key, std::uint64_t start) {
    if (auto appended = co_await append_pieces(0); !appended) co_return appended;
    before_ = lines_before_(start);
    batch::ObjectIdentity object{.bucket = bucket_, .key = std::move(key)};
    auto facts = co_await repeat(world_, flow_.budget, [&] { return world_.objects.facts(object); });
    if (!facts) co_return fail(facts.error());
    for (std::uint64_t begin = 0; begin < facts->size; begin += kPartBytes) {
      auto content =
          co_await repeat(world_, flow_.budget, [&] { return world_.objects.read(object, begin, kPartBytes); });
      if (!content) co_return fail(content.error());
      if (auto appended = co_await append(*content); !appended) co_return appended;
    }
    co_return Result<void>{};
  }

  // Reads what was added, but for the last `kept` pieces: another one of their chunk may follow.
  Task<Result<void>> append_pieces(std::size_t kept) {
    std::vector<Piece> pieces = std::move(pieces_);
    std::size_t ready = pieces.size() - std::min(kept, pieces.size());
    pieces_.assign(pieces.begin() + static_cast<std::ptrdiff_t>(ready), pieces.end());
    for (std::size_t begin = 0; begin < ready; begin += kReadAtOnce) {
      std::size_t count = std::min(kReadAtOnce, ready - begin);
      std::vector<std::optional<Result<std::string>>> contents(count);
      co_await in_parallel(count, count, [&](std::size_t i) { return read_piece(pieces[begin + i].key, contents[i]); });
      for (std::size_t i = 0; i < count; ++i) {
        if (!*contents[i]) co_return fail(contents[i]->error());
        before_ = lines_before_(pieces[begin + i].start);
        if (auto appended = co_await append(**contents[i]); !appended) co_return appended;
      }
    }
    co_return Result<void>{};
  }

  Task<Result<void>> finish(std::uint64_t lines) {
    if (auto appended = co_await append_pieces(0); !appended) co_return appended;
    if (lines_ != lines)
      co_return fail(ErrorKind::conflict, "QuarantineIncomplete",
                     fmt::format("{} of {} quarantined lines are there", lines_, lines));
    co_return co_await joined_.finish();
  }

 private:
  struct Piece {
    std::string key;
    std::uint64_t start = 0;
  };

  Task<void> read_piece(const std::string& key, std::optional<Result<std::string>>& into) {
    into = co_await repeat(world_, flow_.budget, [&] { return world_.objects.read_whole(bucket_, key); });
  }

  // `content` may be cut anywhere: a line that is not complete waits for its end.
  Task<Result<void>> append(const std::string& content) {
    lines_ += static_cast<std::uint64_t>(std::count(content.begin(), content.end(), '\n'));
    if (before_ == 0u) co_return co_await joined_.append(content);
    std::string renumbered;
    std::string_view rest = content;
    for (std::size_t end; (end = rest.find('\n')) != rest.npos; rest.remove_prefix(end + 1)) {
      cut_ += rest.substr(0, end + 1);
      renumbered += batch::renumbered(cut_, before_);
      cut_.clear();
    }
    cut_ += rest;
    co_return co_await joined_.append(renumbered);
  }

  World& world_;
  Flow& flow_;
  std::string bucket_;
  LinesBefore lines_before_;
  std::vector<Piece> pieces_;
  std::uint64_t lines_ = 0;
  std::optional<std::uint64_t> before_ = 0;  // the shard of what is appended
  std::string cut_;
  GrowingObject joined_;
};

constexpr std::size_t kMayBeRepeated = 1;  // the last piece of a page

// A piece that vanishes between listing and reading was joined by somebody else.
Error as_incomplete(const Error& error) {
  if (error.kind != ErrorKind::not_found) return error;
  return {ErrorKind::conflict, "QuarantineIncomplete", "a piece of the quarantine is gone: " + error.message};
}

}  // namespace

Task<Result<void>> join_shard_quarantine(World& world, Flow& flow, std::string bucket, std::string run_id,
                                         batch::Shard range, std::uint64_t lines) {
  std::string after = quarantine_shard_key(run_id, range);
  // Within one shard the numbers stay as they are.
  Joining joining(world, flow, bucket, after, [](std::uint64_t) { return std::uint64_t{0}; });
  for (bool is_last = false; !is_last;) {
    auto page = co_await list_quarantine(world, flow, bucket, run_id, after);
    if (!page) co_return fail(page.error());
    is_last = page->is_last;
    for (const std::string& key : page->keys) {
      auto known = parse_quarantine_key(run_id, key);
      if (known && known->start >= range.end) is_last = true;
      if (known && known->start < range.end && !known->end) joining.add_piece(key, known->start);
    }
    if (auto appended = co_await joining.append_pieces(kMayBeRepeated); !appended)
      co_return fail(as_incomplete(appended.error()));
    if (!page->keys.empty()) after = page->keys.back();
  }
  auto finished = co_await joining.finish(lines);
  if (!finished) co_return fail(as_incomplete(finished.error()));
  co_return Result<void>{};
}

Task<Result<std::string>> join_quarantine(World& world, Flow& flow, std::string bucket, std::string run_id,
                                          std::uint64_t lines, LinesBefore lines_before) {
  std::string into = batch::quarantine_key(run_id), after;
  Joining joining(world, flow, bucket, into, std::move(lines_before));
  std::uint64_t joined_until = 0;  // pieces before it are in the object of their shard
  for (bool is_last = false; !is_last;) {
    auto page = co_await list_quarantine(world, flow, bucket, run_id, after);
    if (!page) co_return fail(page.error());
    for (const std::string& key : page->keys) {
      auto known = parse_quarantine_key(run_id, key);
      if (!known || known->start < joined_until) continue;
      if (!known->end) {
        joining.add_piece(key, known->start);
        continue;
      }
      if (auto added = co_await joining.add_object(key, known->start); !added)
        co_return fail(as_incomplete(added.error()));
      joined_until = *known->end;
    }
    if (auto appended = co_await joining.append_pieces(kMayBeRepeated); !appended)
      co_return fail(as_incomplete(appended.error()));
    if (!page->keys.empty()) after = page->keys.back();
    is_last = page->is_last;
  }
  auto finished = co_await joining.finish(lines);
  if (!finished) co_return fail(as_incomplete(finished.error()));
  co_return into;
}

}  // namespace ads::function
