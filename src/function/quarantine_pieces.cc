#include "function/quarantine_pieces.h"

#include <fmt/core.h>

#include <charconv>

#include "batch/batch_name.h"
#include "function/in_parallel.h"

namespace ads::function {
namespace {

constexpr std::string_view kContentType = "application/x-ndjson";
constexpr std::size_t kLongestLine = 16 * 1024;  // a quarantined line with its text as base64

std::string piece_prefix(std::string_view run_id) {
  return fmt::format("{}{}/", batch::kQuarantinePrefix, run_id);
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

Task<Result<void>> remove_keys(World& world, Flow& flow, const std::string& bucket,
                               const std::vector<std::string>& keys) {
  Removing removing{world, bucket, keys, {}};
  co_await in_parallel(keys.size(), flow.calls_in_flight,
                       [&removing](std::size_t index) { return remove_piece(removing, index); });
  if (removing.error) co_return fail(*removing.error);
  co_return Result<void>{};
}

}  // namespace

std::string quarantine_piece_key(std::string_view run_id, std::uint64_t offset, std::uint64_t fence) {
  return fmt::format("{}{:020}.{:06}.jsonl", piece_prefix(run_id), offset, fence);
}

// '-' sorts before '.'.
std::string quarantine_shard_key(std::string_view run_id, const batch::Shard& range) {
  return fmt::format("{}{:020}-{:020}.jsonl", piece_prefix(run_id), range.start, range.end);
}

std::optional<QuarantineKey> parse_quarantine_key(std::string_view run_id, std::string_view key) {
  std::string prefix = piece_prefix(run_id);
  if (!key.starts_with(prefix) || !key.ends_with(".jsonl")) return std::nullopt;
  key.remove_prefix(prefix.size());
  QuarantineKey out;
  auto [rest, error] = std::from_chars(key.data(), key.data() + key.size(), out.start);
  if (error != std::errc{}) return std::nullopt;
  if (*rest == '-') {
    std::uint64_t end = 0;
    if (std::from_chars(rest + 1, key.data() + key.size(), end).ec != std::errc{}) return std::nullopt;
    out.end = end;
  }
  return out;
}

Task<Result<ObjectPage>> list_quarantine(World& world, Flow& flow, std::string bucket, std::string run_id,
                                         std::string after) {
  co_return co_await repeat(world, flow.budget,
                            [&] { return world.objects.list(bucket, piece_prefix(run_id), after); });
}

Task<Result<void>> put_quarantine_piece(World& world, Flow& flow, std::string bucket, std::string key,
                                        const std::vector<batch::BadLine>& lines) {
  std::string content;
  for (const batch::BadLine& line : lines) content += batch::quarantine_line(line);
  co_return co_await repeat(world, flow.budget,
                            [&] { return world.objects.put(bucket, key, content, std::string(kContentType)); });
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

Task<Result<void>> remove_quarantine_pieces(World& world, Flow& flow, std::string bucket, std::string run_id) {
  std::string after;
  for (bool is_last = false; !is_last;) {
    auto page = co_await list_quarantine(world, flow, bucket, run_id, after);
    if (!page) co_return fail(page.error());
    if (auto removed = co_await remove_keys(world, flow, bucket, page->keys); !removed) co_return removed;
    if (!page->keys.empty()) after = page->keys.back();
    is_last = page->is_last;
  }
  co_return Result<void>{};
}

Task<Result<void>> remove_quarantine_pieces(World& world, Flow& flow, std::string bucket, std::string run_id,
                                            batch::Shard range) {
  std::string after = quarantine_shard_key(run_id, range);
  for (bool is_last = false; !is_last;) {
    auto page = co_await list_quarantine(world, flow, bucket, run_id, after);
    if (!page) co_return fail(page.error());
    is_last = page->is_last;
    std::vector<std::string> pieces;
    for (const std::string& key : page->keys) {
      auto known = parse_quarantine_key(run_id, key);
      if (known && known->start >= range.end) is_last = true;
      if (known && known->start < range.end && !known->end) pieces.push_back(key);
    }
    if (auto removed = co_await remove_keys(world, flow, bucket, pieces); !removed) co_return removed;
    if (!page->keys.empty()) after = page->keys.back();
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
