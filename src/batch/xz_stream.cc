// xz: https://tukaani.org/xz/xz-file-format.txt
#include <lzma.h>

#include <new>

#include "batch/content_stream.h"
#include "batch/file_kind.h"

namespace ads::batch {
namespace {

constexpr std::uint64_t kMaxMemory = std::uint64_t{72} << 20;  // a dictionary of 64 MiB, and what goes with it

class XzStream : public ContentStream {
 public:
  XzStream() { begin(); }
  ~XzStream() override { lzma_end(&z_); }
  XzStream(const XzStream&) = delete;
  XzStream& operator=(const XzStream&) = delete;

  Result<std::size_t> run(std::string_view& in, std::span<char> out) override {
    if (is_between_streams_) {
      // The format allows zeros behind a stream.
      while (!in.empty() && in.front() == '\0') in.remove_prefix(1);
      if (in.empty()) return 0;
      begin();
    }
    z_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    z_.avail_in = in.size();
    z_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    z_.avail_out = out.size();
    lzma_ret code = lzma_code(&z_, LZMA_RUN);
    in.remove_prefix(in.size() - z_.avail_in);
    std::size_t written = out.size() - z_.avail_out;
    switch (code) {
      case LZMA_STREAM_END:
        is_between_streams_ = true;
        return written;
      case LZMA_OK:
      case LZMA_BUF_ERROR:  // it could not move without more input: what is missing is seen at the end
        return written;
      case LZMA_MEM_ERROR:
        throw std::bad_alloc();
      case LZMA_MEMLIMIT_ERROR:
        return unreadable(
            "This xz file was compressed with a dictionary above 64 MiB: unpacking it takes too much memory. Compress "
            "it "
            "again with `xz -9` or less.");
      case LZMA_OPTIONS_ERROR:
        return unreadable("This xz file uses a filter that is not supported: compress it again with plain `xz`.");
      default:
        return corrupt_content(Compression::xz,
                               code == LZMA_FORMAT_ERROR ? "what follows is not xz" : "a checksum is wrong");
    }
  }

  bool is_complete() const override { return is_between_streams_; }

 private:
  void begin() {
    if (lzma_stream_decoder(&z_, kMaxMemory, 0) != LZMA_OK) throw std::bad_alloc();
    is_between_streams_ = false;
  }

  lzma_stream z_ = LZMA_STREAM_INIT;
  bool is_between_streams_ = false;
};

}  // namespace

std::unique_ptr<ContentStream> xz_stream() {
  return std::make_unique<XzStream>();
}

}  // namespace ads::batch
