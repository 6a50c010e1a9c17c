#include "function/quarantine_pieces.h"

#include <fmt/core.h>

#include "batch/batch_name.h"
#include "function/in_parallel.h"

namespace ads::function {
namespace {

constexpr std::string_view kContentType = "application/x-ndjson";
constexpr std::size_t kPartBytes = 8u << 20;     // S3's lowest is 5 MiB
constexpr std::size_t kReadAtOnce = 4;           // pieces: each is at most a chunk's worth of lines
constexpr std::size_t kLongestLine = 16 * 1024;  // a quarantined line with its text as base64

std::string piece_prefix(std::string_view run_id) {
  return fmt::format("{}{}/", batch::kQuarantinePrefix, run_id);
}

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

struct Reading {
  World& world;
  Flow& flow;
  const std::string& bucket;
  const std::vector<std::string>& keys;
  std::size_t begin;
  std::vector<std::optional<Result<std::string>>> contents;
};

Task<void> read_piece(Reading& reading, std::size_t index) {
  reading.contents[index] = co_await repeat(reading.world, reading.flow.budget, [&] {
    return reading.world.objects.read_whole(reading.bucket, reading.keys[reading.begin + index]);
  });
}

struct Removing {
  World& world;
  const std::string& bucket;
  const std::vector<std::string>& keys;
  std::optional<Error> error;
};

Task<void> remove_piece(Removing& removing, std::size_t index) {
  auto removed = co_await removing.world.objects.remove_key(removing.bucket, removing.keys[index]);
  if (!removed && removed.error().kind != ErrorKind::not_found) removing.error = removed.error();
}

Task<Result<ObjectPage>> list_pieces(World& world, Flow& flow, std::string bucket, std::string run_id,
                                     std::string after) {
  co_return co_await repeat(world, flow.budget,
                            [&] { return world.objects.list(bucket, piece_prefix(run_id), after); });
}

}  // namespace

std::string quarantine_piece_key(std::string_view run_id, std::uint64_t offset) {
  return fmt::format("{}{:020}.jsonl", piece_prefix(run_id), offset);
}

Task<Result<void>> put_quarantine_piece(World& world, Flow& flow, std::string bucket, std::string run_id,
                                        std::uint64_t offset, const std::vector<batch::BadLine>& lines) {
  if (lines.empty()) co_return Result<void>{};
  std::string content;
  for (const batch::BadLine& line : lines) content += batch::quarantine_line(line);
  co_return co_await repeat(world, flow.budget, [&] {
    return world.objects.put(bucket, quarantine_piece_key(run_id, offset), content, std::string(kContentType));
  });
}

Task<Result<void>> put_quarantined_retry(World& world, Flow& flow, std::string bucket, std::string run_id,
                                         std::string record_id, const batch::BadLine& line) {
  std::string key = fmt::format("{}retries/{}/{}.jsonl", batch::kQuarantinePrefix, run_id, record_id);
  std::string content = batch::quarantine_line(line);
  co_return co_await repeat(world, flow.budget,
                            [&] { return world.objects.put(bucket, key, content, std::string(kContentType)); });
}

Task<Result<void>> put_quarantined_message(World& world, Flow& flow, std::string bucket, std::string message_id,
                                           std::string body, std::string reason) {
  std::string key = fmt::format("{}messages/{}.json", batch::kQuarantinePrefix, message_id);
  std::string content = json::serialize(json::object{{"reason", reason}, {"body", body}});
  co_return co_await repeat(world, flow.budget,
                            [&] { return world.objects.put(bucket, key, content, "application/json"); });
}

Task<Result<std::string>> join_quarantine(World& world, Flow& flow, std::string bucket, std::string run_id) {
  std::string key = batch::quarantine_key(run_id);
  GrowingObject joined(world, flow.budget, bucket, key);
  std::string after;
  for (bool is_last = false; !is_last;) {
    auto page = co_await list_pieces(world, flow, bucket, run_id, after);
    if (!page) co_return fail(page.error());
    for (std::size_t begin = 0; begin < page->keys.size(); begin += kReadAtOnce) {
      std::size_t count = std::min(kReadAtOnce, page->keys.size() - begin);
      Reading reading{world, flow, bucket, page->keys, begin, {}};
      reading.contents.resize(count);
      co_await in_parallel(count, count, [&reading](std::size_t index) { return read_piece(reading, index); });
      for (auto& content : reading.contents) {
        if (!*content) co_return fail(content->error());
        if (auto appended = co_await joined.append(**content); !appended) co_return fail(appended.error());
      }
    }
    if (!page->keys.empty()) after = page->keys.back();
    is_last = page->is_last;
  }
  if (auto finished = co_await joined.finish(); !finished) co_return fail(finished.error());
  co_return key;
}

Task<Result<void>> remove_quarantine_pieces(World& world, Flow& flow, std::string bucket, std::string run_id) {
  std::string after;
  for (bool is_last = false; !is_last;) {
    auto page = co_await list_pieces(world, flow, bucket, run_id, after);
    if (!page) co_return fail(page.error());
    Removing removing{world, bucket, page->keys, {}};
    co_await in_parallel(page->keys.size(), flow.calls_in_flight,
                         [&removing](std::size_t index) { return remove_piece(removing, index); });
    if (removing.error) co_return fail(*removing.error);
    if (!page->keys.empty()) after = page->keys.back();
    is_last = page->is_last;
  }
  co_return Result<void>{};
}

Task<Result<std::vector<batch::BadLine>>> first_bad_lines(World& world, Flow& flow, std::string bucket, std::string key,
                                                          std::size_t count) {
  batch::ObjectIdentity object{.bucket = bucket, .key = key};
  auto beginning =
      co_await repeat(world, flow.budget, [&] { return world.objects.read(object, 0, count * kLongestLine); });
  if (!beginning) co_return fail(beginning.error());
  std::vector<batch::BadLine> lines;
  std::string_view rest = *beginning;
  for (std::size_t end; lines.size() < count && (end = rest.find('\n')) != rest.npos; rest.remove_prefix(end + 1)) {
    auto line = batch::parse_quarantine_line(rest.substr(0, end));
    if (!line) co_return fail(line.error());
    lines.push_back(std::move(*line));
  }
  co_return lines;
}

}  // namespace ads::function
