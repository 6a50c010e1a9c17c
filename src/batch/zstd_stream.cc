// zstd: RFC 8878.
#include <zstd.h>
#include <zstd_errors.h>

#include <new>

#include "batch/content_stream.h"
#include "batch/file_kind.h"

namespace ads::batch {
namespace {

constexpr int kMaxWindowLog = 27;

class ZstdStream : public ContentStream {
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
    if (ZSTD_isError(hint)) return error_of(hint);
    is_between_frames_ = hint == 0;
    // A frame that ends exactly with the block is over: asking for more of it would begin the next frame.
    has_more_output_ = output.pos == output.size && !is_between_frames_;
    return output.pos;
  }

  bool is_complete() const override { return is_between_frames_; }

 private:
  static std::unexpected<Error> error_of(std::size_t code) {
    switch (ZSTD_getErrorCode(code)) {
      case ZSTD_error_frameParameter_windowTooLarge:
        return unreadable(
            "This zstd file was compressed with `zstd --long`: unpacking it takes more than 128 MiB of memory. "
            "Compress "
            "it again without --long.");
      case ZSTD_error_dictionary_wrong:
      case ZSTD_error_dictionary_corrupted:
        return unreadable(
            "This zstd file was compressed with a dictionary, without which it cannot be read. Compress it again "
            "without "
            "one (-D).");
      default:
        return corrupt_content(Compression::zstd, ZSTD_getErrorName(code));
    }
  }

  ZSTD_DCtx* context_;
  bool is_between_frames_ = false;
  bool has_more_output_ = false;  // the block was filled within a frame: there may be more without further input
};

}  // namespace

std::unique_ptr<ContentStream> zstd_stream() {
  return std::make_unique<ZstdStream>();
}

}  // namespace ads::batch
