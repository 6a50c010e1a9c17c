#include "batch/decompress.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ads::batch {
namespace {

constexpr std::size_t kBlock = 64 * 1024;
constexpr int kMaxWindowLog = 23;  // 8 MiB, what every zstd level up to 19 needs at most

// What both formats have in common: takes from `in`, fills `out`.
class Stream {
 public:
  virtual ~Stream() = default;
  // Gives how many bytes of `out` were written; takes what it used off the front of `in`.
  virtual Result<std::size_t> run(std::string_view& in, std::span<char> out) = 0;
  // True when the input may end here.
  virtual bool is_complete() const = 0;
  virtual std::unexpected<Error> truncated() const = 0;
};

std::unexpected<Error> corrupt(std::string_view format, std::string_view why) {
  return fail(ErrorKind::corrupt, fmt::format("Corrupt{}{}", format == "gzip" ? "G" : "Z", format.substr(1)),
              fmt::format("the {} file is damaged: {}. Compress it again and upload it again.", format, why));
}

class GzipStream : public Stream {
 public:
  GzipStream() {
    // 15 + 16: the largest window, and a gzip header instead of zlib's.
    if (inflateInit2(&z_, 15 + 16) != Z_OK) throw std::bad_alloc();
  }
  ~GzipStream() override { inflateEnd(&z_); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  Result<std::size_t> run(std::string_view& in, std::span<char> out) override {
    if (is_between_members_ && !in.empty()) {
      // gzip itself ignores zeros after the last member: tapes and some tools pad with them.
      while (!in.empty() && in.front() == '\0') in.remove_prefix(1);
      if (in.empty()) return 0;
      if (inflateReset2(&z_, 15 + 16) != Z_OK) return corrupt("gzip", "it cannot be continued");
      is_between_members_ = false;
    }
    if (is_between_members_) return 0;
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    z_.avail_in = static_cast<uInt>(std::min<std::size_t>(in.size(), 1u << 30));
    z_.next_out = reinterpret_cast<Bytef*>(out.data());
    z_.avail_out = static_cast<uInt>(out.size());
    uInt offered = z_.avail_in;
    int code = inflate(&z_, Z_NO_FLUSH);
    in.remove_prefix(offered - z_.avail_in);
    if (code == Z_STREAM_END) {
      is_between_members_ = true;
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      return corrupt("gzip", z_.msg ? z_.msg : "the stream makes no sense");
    }
    return out.size() - z_.avail_out;
  }

  bool is_complete() const override { return is_between_members_; }
  std::unexpected<Error> truncated() const override { return corrupt("gzip", "it ends in the middle"); }

 private:
  z_stream z_{};
  bool is_between_members_ = false;
};

class ZstdStream : public Stream {
 public:
  ZstdStream() : context_(ZSTD_createDCtx()) {
    if (!context_) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, kMaxWindowLog);
  }
  ~ZstdStream() override { ZSTD_freeDCtx(context_); }
  ZstdStream(const ZstdStream&) = delete;
  ZstdStream& operator=(const ZstdStream&) = delete;

  Result<std::size_t> run(std::string_view& in, std::span<char> out) override {
    if (in.empty() && !has_more_output_) return 0;
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    std::size_t hint = ZSTD_decompressStream(context_, &output, &input);
    in.remove_prefix(input.pos);
    if (ZSTD_isError(hint)) return corrupt("zstd", ZSTD_getErrorName(hint));
    is_between_frames_ = hint == 0;
    // A frame that ends exactly with the block is over: asking for more of it would begin the next frame.
    has_more_output_ = output.pos == output.size && !is_between_frames_;
    return output.pos;
  }

  bool is_complete() const override { return is_between_frames_; }
  std::unexpected<Error> truncated() const override { return corrupt("zstd", "it ends in the middle"); }

 private:
  ZSTD_DCtx* context_;
  bool is_between_frames_ = false;
  bool has_more_output_ = false;  // the block was filled within a frame: there may be more without further input
};

}  // namespace

std::string_view to_string(Compression compression) {
  switch (compression) {
    case Compression::gzip:
      return "gzip";
    case Compression::zstd:
      return "zstd";
    case Compression::none:
      break;
  }
  return "none";
}

Compression detect_compression(std::string_view beginning) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(beginning[i]); };
  if (beginning.size() >= 2 && byte(0) == 0x1f && byte(1) == 0x8b) return Compression::gzip;
  if (beginning.size() < kMagicBytes) return Compression::none;
  if (beginning.starts_with("\x28\xb5\x2f\xfd")) return Compression::zstd;
  // A skippable frame in front, as pzstd and seekable zstd write it.
  if (byte(0) >> 4 == 5 && beginning.substr(1, 3) == "\x2a\x4d\x18") return Compression::zstd;
  return Compression::none;
}

struct Decompressor::State {
  std::string_view piece;
  bool is_finished = false;
  bool is_decided = false;
  std::string beginning;  // while fewer than kMagicBytes were fed; then what of it is not used yet
  Compression compression = Compression::none;
  std::unique_ptr<Stream> stream;
  std::vector<char> block;
  std::optional<Error> error;

  bool decide();
  Result<std::string_view> inflate_block();
};

// True when the format is known.
bool Decompressor::State::decide() {
  std::size_t count = std::min(piece.size(), kMagicBytes - beginning.size());
  bool is_whole_in_piece = beginning.empty() && count == kMagicBytes;
  if (is_whole_in_piece) {
    compression = detect_compression(piece.substr(0, kMagicBytes));
  } else {
    beginning += piece.substr(0, count);
    piece.remove_prefix(count);
    if (beginning.size() < kMagicBytes && !is_finished) return false;
    compression = detect_compression(beginning);
  }
  is_decided = true;
  if (compression == Compression::gzip) stream = std::make_unique<GzipStream>();
  if (compression == Compression::zstd) stream = std::make_unique<ZstdStream>();
  if (stream) block.resize(kBlock);
  return true;
}

Result<std::string_view> Decompressor::State::inflate_block() {
  for (;;) {
    bool is_early = !beginning.empty();
    std::string_view early = beginning;
    std::string_view& in = is_early ? early : piece;
    std::size_t offered = in.size();
    auto count = stream->run(in, block);
    std::size_t used = offered - in.size();
    if (is_early) beginning.erase(0, used);
    if (!count) return fail(count.error());
    if (*count > 0) return std::string_view(block.data(), *count);
    bool has_more = !piece.empty() || !beginning.empty();
    if (has_more && used == 0) return corrupt(to_string(compression), "it cannot be continued");
    if (has_more) continue;
    if (is_finished && !stream->is_complete()) return stream->truncated();
    return std::string_view{};
  }
}

Decompressor::Decompressor() : state_(std::make_unique<State>()) {}
Decompressor::~Decompressor() = default;
Decompressor::Decompressor(Decompressor&&) noexcept = default;
Decompressor& Decompressor::operator=(Decompressor&&) noexcept = default;

void Decompressor::feed(std::string_view piece) {
  state_->piece = piece;
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
  if (!s.is_decided && !s.decide()) return std::string_view{};
  if (s.stream) {
    auto block = s.inflate_block();
    if (!block) s.error = block.error();
    return block;
  }
  if (!s.beginning.empty()) {
    // Moved out of the way: it has to live until the next call.
    s.block.assign(s.beginning.begin(), s.beginning.end());
    s.beginning.clear();
    return std::string_view(s.block.data(), s.block.size());
  }
  return std::exchange(s.piece, {});
}

}  // namespace ads::batch
