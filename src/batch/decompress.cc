#include "batch/decompress.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "batch/content_stream.h"
#include "batch/mail.h"

namespace ads::batch {
namespace {

constexpr std::size_t kBlock = 64 * 1024;
constexpr int kMaxDepth = 2;  // gzip in zip

std::unique_ptr<ContentStream> stream_for(Compression compression) {
  switch (compression) {
    case Compression::gzip:
      return gzip_stream();
    case Compression::zstd:
      return zstd_stream();
    case Compression::bzip2:
      return bzip2_stream();
    case Compression::xz:
      return xz_stream();
    case Compression::zip:
      return zip_stream();
    case Compression::utf16:
      return utf16_stream();
    case Compression::none:
      break;
  }
  return nullptr;
}

std::string_view code_of(Compression compression) {
  switch (compression) {
    case Compression::gzip:
      return "CorruptGzip";
    case Compression::zstd:
      return "CorruptZstd";
    case Compression::bzip2:
      return "CorruptBzip2";
    case Compression::xz:
      return "CorruptXz";
    case Compression::zip:
      return "CorruptZip";
    case Compression::utf16:
      return "CorruptUtf16";
    case Compression::none:
      break;
  }
  return "Corrupt";
}

}  // namespace

std::unexpected<Error> corrupt_content(Compression compression, std::string_view why) {
  return fail(ErrorKind::corrupt, std::string(code_of(compression)),
              fmt::format("the {} file is damaged: {}. {} and upload it again.", to_string(compression), why,
                          compression == Compression::utf16 ? "Save it again" : "Compress it again"));
}

std::string_view to_string(Compression compression) {
  switch (compression) {
    case Compression::gzip:
      return "gzip";
    case Compression::zstd:
      return "zstd";
    case Compression::bzip2:
      return "bzip2";
    case Compression::xz:
      return "xz";
    case Compression::zip:
      return "zip";
    case Compression::utf16:
      return "utf-16";
    case Compression::none:
      break;
  }
  return "none";
}

std::optional<Compression> parse_compression(std::string_view name) {
  for (Compression compression : kAllCompressions)
    if (to_string(compression) == name) return compression;
  return std::nullopt;
}

Compression detect_compression(std::string_view beginning) {
  using namespace std::string_view_literals;
  if (unreadable_kind(beginning)) return Compression::none;
  if (beginning.starts_with("\x1f\x8b")) return Compression::gzip;
  if (beginning.starts_with("\x28\xb5\x2f\xfd")) return Compression::zstd;
  // A skippable frame in front, as pzstd and seekable zstd write it.
  if (beginning.size() >= 4 && static_cast<unsigned char>(beginning[0]) >> 4 == 5 &&
      beginning.substr(1, 3) == "\x2a\x4d\x18")
    return Compression::zstd;
  // "BZh1" to "BZh9", then a block's number or the end's.
  if (beginning.starts_with("BZh") && beginning.size() >= 10 && beginning[3] >= '1' && beginning[3] <= '9' &&
      (beginning.substr(4, 6) == "\x31\x41\x59\x26\x53\x59" || beginning.substr(4, 6) == "\x17\x72\x45\x38\x50\x90"))
    return Compression::bzip2;
  if (beginning.starts_with("\xfd"
                            "7zXZ\0"sv))
    return Compression::xz;
  if (beginning.starts_with("PK\x03\x04")) return Compression::zip;
  if (beginning.starts_with("\xff\xfe") || beginning.starts_with("\xfe\xff")) return Compression::utf16;
  return Compression::none;
}

struct Decompressor::State {
  std::uint64_t max_expansion;
  int depth = 0;               // how many packings are around this one
  std::string_view container;  // the name of the one around this one
  std::string_view piece;
  bool is_finished = false;
  bool is_decided = false;
  std::string beginning;  // while fewer than kKindBytes were fed; then what of it is not used yet
  Compression compression = Compression::none;
  std::unique_ptr<ContentStream> stream;
  std::unique_ptr<Decompressor> inner;  // of what `stream` gives
  bool is_inner_finished = false;
  std::vector<char> block;
  std::optional<Error> error;
  std::uint64_t fed = 0, unpacked = 0, content = 0;

  Result<bool> decide();
  Result<std::string_view> advance();
  Result<std::string_view> unpack_block();
  Result<void> count(std::uint64_t& total, std::size_t bytes) const;
};

// True when the format is known.
Result<bool> Decompressor::State::decide() {
  std::size_t missing = std::min(piece.size(), kKindBytes - beginning.size());
  bool is_whole_in_piece = beginning.empty() && missing == kKindBytes;
  if (!is_whole_in_piece) {
    beginning += piece.substr(0, missing);
    piece.remove_prefix(missing);
    if (beginning.size() < kKindBytes && !is_finished) return false;
  }
  std::string_view seen = is_whole_in_piece ? piece.substr(0, kKindBytes) : std::string_view(beginning);
  if (auto kind = unreadable_kind(seen)) return unreadable(sentence(*kind, container));
  compression = detect_compression(seen);
  is_decided = true;
  stream = stream_for(compression);
  if (!stream) return true;
  if (depth > kMaxDepth || (depth == kMaxDepth && compression != Compression::utf16))
    return unreadable(fmt::format("The {} file contains a {} file in another one: compress the batch file once.",
                                  container, to_string(compression)));
  block.resize(kBlock);
  if (compression == Compression::utf16) return true;
  inner = std::make_unique<Decompressor>(std::numeric_limits<std::uint64_t>::max());
  inner->state_->depth = depth + 1;
  inner->state_->container = to_string(compression);
  return true;
}

Result<void> Decompressor::State::count(std::uint64_t& total, std::size_t bytes) const {
  total += bytes;
  if (total <= kAlwaysExpanded || total / max_expansion <= fed) return {};
  return unreadable(fmt::format(
      "The {} file of {} bytes expands to more than {} times its size (parameter MaxExpansion), which records "
      "do not: compress the batch file again, or raise MaxExpansion.",
      to_string(compression), with_thousands(fed), with_thousands(max_expansion)));
}

Result<std::string_view> Decompressor::State::unpack_block() {
  for (;;) {
    bool is_early = !beginning.empty();
    std::string_view early = beginning;
    std::string_view& in = is_early ? early : piece;
    std::size_t offered = in.size();
    auto written = stream->run(in, block);
    std::size_t used = offered - in.size();
    if (is_early) beginning.erase(0, used);
    if (!written) return fail(written.error());
    if (*written > 0) {
      if (auto counted = count(unpacked, *written); !counted) return fail(counted.error());
      return std::string_view(block.data(), *written);
    }
    bool has_more = !piece.empty() || !beginning.empty();
    if (has_more && used == 0) return corrupt_content(compression, "it cannot be continued");
    if (has_more) continue;
    if (is_finished && !stream->is_complete()) return corrupt_content(compression, "it ends in the middle");
    return std::string_view{};
  }
}

Result<std::string_view> Decompressor::State::advance() {
  if (!is_decided) {
    auto decided = decide();
    if (!decided) return fail(decided.error());
    if (!*decided) return std::string_view{};
  }
  if (!stream) {
    if (beginning.empty()) return std::exchange(piece, {});
    // Moved out of the way: it has to live until the next call.
    block.assign(beginning.begin(), beginning.end());
    beginning.clear();
    return std::string_view(block.data(), block.size());
  }
  if (!inner) return unpack_block();
  for (;;) {
    auto inside = inner->next();
    if (!inside) return inside;
    if (!inside->empty()) {
      if (auto counted = count(content, inside->size()); !counted) return fail(counted.error());
      return inside;
    }
    auto unpacked_block = unpack_block();
    if (!unpacked_block) return unpacked_block;
    if (!unpacked_block->empty()) {
      inner->feed(*unpacked_block);
    } else if (is_finished && !is_inner_finished) {
      is_inner_finished = true;
      inner->finish();
    } else {
      return std::string_view{};
    }
  }
}

Decompressor::Decompressor(std::uint64_t max_expansion) : state_(std::make_unique<State>()) {
  state_->max_expansion = std::max<std::uint64_t>(max_expansion, 1);
}
Decompressor::~Decompressor() = default;
Decompressor::Decompressor(Decompressor&&) noexcept = default;
Decompressor& Decompressor::operator=(Decompressor&&) noexcept = default;

void Decompressor::feed(std::string_view piece) {
  state_->piece = piece;
  state_->fed += piece.size();
}
void Decompressor::finish() {
  state_->is_finished = true;
}
Compression Decompressor::compression() const {
  return state_->compression;
}

Result<std::string_view> Decompressor::next() {
  State& s = *state_;
  if (s.error) return fail(*s.error);
  auto content = s.advance();
  if (!content) s.error = content.error();
  return content;
}

}  // namespace ads::batch
